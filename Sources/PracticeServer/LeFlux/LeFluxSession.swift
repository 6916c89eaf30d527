import NIOCore

/// A visitor's session; it outlives the sockets that join it.
struct LeFluxSession {
    let id: String
    /// The same on every run for the same id.
    let hash: UInt64
    /// The socket that joined last, while it is there.
    var socket: SocketID?
    /// Whether the socket that is there found the session as another one had left it.
    var isRestored = false
    var wasJoined = false
    /// Whether `session_joined` was sent to the socket that is there.
    var isAnnounced = false
    var questions = 0
    private(set) var history: [Entry] = []
    var task: LeFluxTask?
    /// Timers with another token are out of date.
    var token: UInt32 = 0
    var lastSeen: NIODeadline

    /// One line of the conversation. What the server said can be composed again and is not kept.
    enum Entry {
        case visitor(String)
        case server(LeFluxScript)
    }

    /// How many lines are kept.
    static let historyLimit = 20

    init(id: String, at now: NIODeadline) {
        self.id = id
        hash = stableHash(id)
        lastSeen = now
    }

    mutating func remember(_ entry: Entry) {
        if history.count == Self.historyLimit { history.removeFirst() }
        history.append(entry)
    }

    /// Loses the conversation; questions are still counted, so that no answer gets the name of an earlier one.
    mutating func forget() {
        history = []
    }

    /// Writes the history as the member of a payload.
    func writeHistory(to event: inout EventWriter) {
        event.beginArray("history")
        for entry in history {
            event.beginObject()
            switch entry {
            case .visitor(let text):
                event.member("role", "user")
                event.member("text", string: text)
            case .server(let script):
                event.member("role", "assistant")
                event.member("text") { script.writeText(to: &$0) }
            }
            event.endObject()
        }
        event.endArray()
    }
}
