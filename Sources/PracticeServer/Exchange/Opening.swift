/// How an Engine.IO session was opened: what of its first request is remembered.
struct Opening {
    /// The session that the client named in its query string.
    var session: String?
    var headers = CredentialHeaders()
    var visitor = Visitor()
}
