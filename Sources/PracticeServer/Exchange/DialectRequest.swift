import NIOCore

/// A request to the dialect's own routes.
struct DialectRequest {
    var method: String
    /// Without the query.
    var path: String
    /// The address that it came from, without the port.
    var address: String
    /// The body; nil where it is no valid JSON or empty.
    var body: JSONPayload?
    var headers = CredentialHeaders()
}

/// The answer to a request; a body of JSON.
struct DialectResponse {
    /// How the request is counted: method and path where the dialect knows them, else `other`.
    var route: String
    var status: Int
    var body: ByteBuffer
    /// Headers beside those that every answer has.
    var headers: [(name: String, value: String)] = []
}
