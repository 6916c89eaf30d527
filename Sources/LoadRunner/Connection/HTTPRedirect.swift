import NIOHTTP1

/// Answers that send the client somewhere else, which no client here follows: what is measured then would be another
/// server, or the same one twice.
enum HTTPRedirect {
    /// What to say of an answer that redirects, with its URL cut to a length for people; nil for any other answer.
    static func sentence(_ head: HTTPResponseHead) -> String? {
        switch head.status.code {
        case 301, 302, 303, 307, 308: break
        default: return nil
        }
        let place = head.headers.first(name: "Location").map { " to \($0.prefix(200))" } ?? ""
        return "the server redirects\(place); redirects are not followed, "
            + "so name the right URL (or `expect: \(head.status.code)`)"
    }
}
