import NIOCore
import Wire

/// One thing that a client or the server did, without the framing of the protocol.
struct Turn: Hashable {
    /// Milliseconds since the recording's start.
    var time: Double
    var act: Act

    enum Act: Hashable {
        case connect(RecordedOpening, auth: JSONValue?)
        case sent(Said)
        case received(Said)
        /// The server acknowledges what the client sent in the turn with this number.
        case acknowledged(turn: Int, arguments: [JSONValue])
        /// The client acknowledges the event of the server's that came in the turn with this number; nil: which is not
        /// known.
        case acknowledge(turn: Int?, arguments: [JSONValue], binary: [ByteBuffer])
        case request(RecordedExchange)
        case disconnect
        case closed(code: Int)
        case refused(status: Int?)
    }
}

/// A message that was said.
struct Said: Hashable {
    /// As a scenario names it: `/admin,news` for one of another namespace; nil where messages have no names.
    var event: String?
    /// The arguments of a Socket.IO event; of a plain message its data alone.
    var arguments: [JSONValue]
    /// The whole message of a plain WebSocket, a text where it is no JSON.
    var whole: JSONValue?
    /// Whether an acknowledgement was asked for.
    var asksForAcknowledgement = false
    /// The binary messages that belong to it: attachments, or of a plain WebSocket all that was said.
    var binary: [ByteBuffer] = []

    /// A binary message of a plain WebSocket.
    var isPlainBinary: Bool { event == nil && !binary.isEmpty }

    /// What paths of a scenario start in.
    var data: JSONValue { arguments.first ?? .null }
}

extension Turn {
    var received: Said? {
        if case .received(let said) = act { said } else { nil }
    }

    var sent: Said? {
        if case .sent(let said) = act { said } else { nil }
    }
}

extension Turn {
    /// Whether the client did it, and what comes after can be its effect.
    var isClients: Bool {
        switch act {
        case .connect, .sent, .request, .disconnect: true
        default: false
        }
    }
}

extension Turn {
    var isConnect: Bool {
        if case .connect = act { true } else { false }
    }

    /// The same where turns have other numbers.
    func referring(to number: (Int) -> Int) -> Turn {
        switch act {
        case .acknowledged(let turn, let arguments):
            Turn(time: time, act: .acknowledged(turn: number(turn), arguments: arguments))
        case .acknowledge(let turn?, let arguments, let binary):
            Turn(time: time, act: .acknowledge(turn: number(turn), arguments: arguments, binary: binary))
        default: self
        }
    }
}
