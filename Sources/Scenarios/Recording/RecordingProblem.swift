/// What is wrong with the value of a line.
struct RecordingProblem: Error {
    var code: Diagnostic.Code
    /// A sentence without the full stop.
    var message: String
    /// The member whose value it is about; nil for the line as a whole.
    var member: String?
    var suggestion: String?

    init(_ code: Diagnostic.Code, _ message: String, member: String? = nil, suggestion: String? = nil) {
        self.code = code
        self.message = message
        self.member = member
        self.suggestion = suggestion
    }
}
