import NIOHTTP1

/// Why a request to an endpoint brought no answer.
struct EndpointFailure: Error, Hashable, Sendable {
    /// A clause without its full stop.
    var text: String

    /// `404 Not Found`, in the words of RFC 9110 and not the server's, which may be any bytes.
    static func words(_ status: HTTPResponseStatus) -> String {
        let phrase = HTTPResponseStatus(statusCode: Int(status.code)).reasonPhrase
        return phrase.isEmpty ? "\(status.code)" : "\(status.code) \(phrase)"
    }
}
