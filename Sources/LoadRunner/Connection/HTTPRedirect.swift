import NIOHTTP1

/// Answers that send a client elsewhere: none is followed, for what is measured has to be the server that was named.
enum HTTPRedirect {
    /// Where the answer sends the client, in a sentence; nil for an answer that does not.
    static func sentence(of head: HTTPResponseHead) -> String? {
        guard [301, 302, 303, 307, 308].contains(head.status.code) else { return nil }
        let place = head.headers.first(name: "Location").map { " to \($0.prefix(512))" } ?? ""
        return "the server redirects\(place) (\(head.status.code)); redirects are not followed, name that URL instead"
    }
}
