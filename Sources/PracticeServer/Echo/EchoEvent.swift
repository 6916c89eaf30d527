/// The events that the echo server sends: those of Socket.IO, then those of its JSON.
enum EchoEvent: Int, CaseIterable {
    case echo, question, answered, slow, assembled
    case message, upperPong, pong, ping, untyped, error

    var name: StaticString {
        switch self {
        case .echo: "echo"
        case .question: "question"
        case .answered: "answered"
        case .slow: "slow"
        case .assembled: "assembled"
        case .message: "message"
        case .upperPong: "PONG"
        case .pong: "pong"
        case .ping: "ping"
        case .untyped: "untyped"
        case .error: "error"
        }
    }
}
