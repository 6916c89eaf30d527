/// Why a practice server does not start.
package struct PracticeServerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of error, for who handles it by program.
    package enum Code: Hashable, Sendable {
        case unknownSystem
        case unknownFault
        case invalidFault
        case bindFailed
        case truthNotWritten
        case logNotWritten
    }

    package var code: Code
    /// What happened and what to do about it.
    package var message: String
    /// What the system said, where it said something.
    package var cause: String?

    init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause.map { String(describing: $0) }
    }

    package var description: String { message }
}
