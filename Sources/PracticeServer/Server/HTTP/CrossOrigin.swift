import NIOHTTP1

/// What lets pages of other origins read the answers: the headers of the `cors` middleware of the official server, with
/// its options `origin: true, credentials: true`.
///
/// Source: Fetch standard, "CORS protocol"; expressjs/cors, lib/index.js.
struct CrossOrigin {
    let origins: OriginList

    /// The headers of an answer to this request; none where it comes from no page, or from one that is not allowed.
    func headers(for head: HTTPRequestHead) -> [(name: String, value: String)] {
        guard let origin = head.headers.first(name: "Origin"), origins.allows(origin) else { return [] }
        return [
            ("Access-Control-Allow-Origin", origin), ("Vary", "Origin"), ("Access-Control-Allow-Credentials", "true"),
        ]
    }

    /// The answer to a question before the request itself; nil where this is none, or its origin is not allowed.
    func preflight(_ head: HTTPRequestHead) -> HTTPAnswer? {
        guard head.method == .OPTIONS, let origin = head.headers.first(name: "Origin"), origins.allows(origin),
            head.headers.contains(name: "Access-Control-Request-Method")
        else { return nil }
        var answer = HTTPAnswer.empty(204)
        answer.headers.append(("Access-Control-Allow-Methods", "GET,HEAD,PUT,PATCH,POST,DELETE"))
        if let names = head.headers.first(name: "Access-Control-Request-Headers") {
            answer.headers.append(("Access-Control-Allow-Headers", names))
        }
        return answer
    }
}
