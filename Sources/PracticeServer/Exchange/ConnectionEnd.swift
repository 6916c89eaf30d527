/// How a connection ended; the first that happens counts.
enum ConnectionEnd: Hashable, Sendable {
    case killed, kicked, closedByClient, closedByServer, heartbeatMissed, neverJoined, protocolError, tooLarge
    case overLimit, tooManyErrors
}

extension Truth.Connections {
    mutating func count(_ end: ConnectionEnd) {
        switch end {
        case .killed: killed += 1
        case .kicked: kicked += 1
        case .closedByClient: closedByClient += 1
        case .closedByServer: closedByServer += 1
        case .heartbeatMissed: heartbeatMissed += 1
        case .neverJoined: neverJoined += 1
        case .protocolError: protocolErrors += 1
        case .tooLarge: tooLarge += 1
        case .overLimit: overLimit += 1
        case .tooManyErrors: tooManyErrors += 1
        }
    }
}
