import NIOHTTP1

/// What a request is for, as far as its head says.
enum HTTPPurpose {
    /// A request to the dialect's routes.
    case dialect
    /// Opens an Engine.IO session.
    case open(Endpoint, Opening)
    /// Waits for packets.
    case poll(SocketID, path: String)
    /// Brings packets.
    case post(SocketID, path: String)
    /// Answered already; counted under the path, unless it is an upgrade that was turned down.
    case answer(HTTPAnswer, route: String?)

    var isPost: Bool {
        if case .post = self { return true }
        return false
    }

    /// The session that the request belongs to.
    var session: SocketID? {
        switch self {
        case .poll(let id, _), .post(let id, _): id
        case .dialect, .open, .answer: nil
        }
    }

    /// How the request is counted; nil where somebody else counts it.
    func route(_ head: HTTPRequestHead) -> String? {
        switch self {
        case .dialect: nil
        case .open(let endpoint, _): "GET \(endpoint.path)"
        case .poll(_, let path): "GET \(path)"
        case .post(_, let path): "POST \(path)"
        case .answer(_, let path): path.map { "\(Self.method(head)) \($0)" }
        }
    }

    /// The method, unless it is one that a client made up.
    private static func method(_ head: HTTPRequestHead) -> String {
        switch head.method {
        case .GET, .HEAD, .POST, .PUT, .PATCH, .DELETE, .OPTIONS: head.method.rawValue
        default: "other"
        }
    }
}
