/// Why the results of a run cannot be read.
package struct StoredRunError: Error, CustomStringConvertible {
    /// What is wrong and what to do, without a full stop.
    package let message: String
    package let cause: (any Error)?

    package init(_ message: String, cause: (any Error)? = nil) {
        self.message = message
        self.cause = cause
    }

    package var description: String { message }
}
