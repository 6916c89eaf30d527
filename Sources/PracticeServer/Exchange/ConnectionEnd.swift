/// How a connection ended; the first that happens counts.
enum ConnectionEnd: Hashable, Sendable {
    case killed, kicked, closedByServer, heartbeatMissed, neverJoined, protocolError, tooLarge
    case overLimit, tooManyErrors, tooSlow
    case closedByClient(Departure)
}

/// By what a client ended a connection.
enum Departure: Hashable, Sendable {
    /// A WebSocket close frame.
    case closeFrame
    /// The packet by which Engine.IO ends a session.
    case closePacket
    /// The end of the TCP stream, without a word.
    case fin
    /// A TCP RST, or whatever else the socket fails with.
    case rst
}

extension ConnectionEnd {
    /// What a log calls it.
    var name: String {
        switch self {
        case .killed: "killed"
        case .kicked: "kicked"
        case .closedByServer: "closedByServer"
        case .heartbeatMissed: "heartbeatMissed"
        case .neverJoined: "neverJoined"
        case .protocolError: "protocolError"
        case .tooLarge: "tooLarge"
        case .overLimit: "overLimit"
        case .tooManyErrors: "tooManyErrors"
        case .tooSlow: "tooSlow"
        case .closedByClient(.closeFrame): "closeFrame"
        case .closedByClient(.closePacket): "closePacket"
        case .closedByClient(.fin): "fin"
        case .closedByClient(.rst): "rst"
        }
    }
}

extension Truth.Connections {
    mutating func count(_ end: ConnectionEnd) {
        switch end {
        case .killed: killed += 1
        case .kicked: kicked += 1
        case .closedByServer: closedByServer += 1
        case .heartbeatMissed: heartbeatMissed += 1
        case .neverJoined: neverJoined += 1
        case .protocolError: protocolErrors += 1
        case .tooLarge: tooLarge += 1
        case .overLimit: overLimit += 1
        case .tooManyErrors: tooManyErrors += 1
        case .tooSlow: tooSlow += 1
        case .closedByClient(let departure):
            closedByClient += 1
            switch departure {
            case .closeFrame: byCloseFrame += 1
            case .closePacket: byClosePacket += 1
            case .fin: byFIN += 1
            case .rst: byRST += 1
            }
        }
    }
}
