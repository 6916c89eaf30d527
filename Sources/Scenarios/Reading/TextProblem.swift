/// What is wrong inside a text of the file.
struct TextProblem: Error {
    var code: Diagnostic.Code
    var message: String
    /// In Unicode scalars from the start of the text.
    var offset: Int
    var suggestion: String?

    init(_ code: Diagnostic.Code, _ message: String, at offset: Int, suggestion: String? = nil) {
        self.code = code
        self.message = message
        self.offset = offset
        self.suggestion = suggestion
    }
}
