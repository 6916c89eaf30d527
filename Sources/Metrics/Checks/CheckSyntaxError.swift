/// Why a check cannot be understood, and where in its text.
package struct CheckSyntaxError: Error, Hashable, Sendable {
    /// Bytes of the check's text in UTF-8, from 0; empty where something is missing at that place.
    package let range: Range<Int>
    /// A sentence.
    package let message: String
    /// What was probably meant; nil where nothing is near.
    package let suggestion: String?

    package init(range: Range<Int>, message: String, suggestion: String? = nil) {
        self.range = range
        self.message = message
        self.suggestion = suggestion
    }
}
