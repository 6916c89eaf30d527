/// What is wrong with a data file, and where in it.
struct FeedProblem: Error {
    var code: Diagnostic.Code
    /// A sentence without the full stop.
    var message: String
    /// From 1.
    var line: Int
    /// From 1, in Unicode scalars.
    var column: Int
    var suggestion: String?

    init(_ message: String, line: Int, column: Int = 1, code: Diagnostic.Code = .badValue, suggestion: String? = nil) {
        self.code = code
        self.message = message
        self.line = line
        self.column = column
        self.suggestion = suggestion
    }
}
