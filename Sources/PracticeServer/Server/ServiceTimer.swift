/// Something that a service does later.
enum ServiceTimer<D: Dialect> {
    case peer(SocketID, PeerTimer)
    /// Does what the fault `kill-after` says.
    case kill(SocketID)
    /// Stops waiting for the other side's close frame.
    case closing(any Closing)
    /// Answers a request that was held back.
    case request(HTTPHandler<D>)
    /// Looks whether a client takes too long for one message.
    case slow(SocketWatch<D>, token: UInt32)
    /// Cuts a client off for which too much waits.
    case cut(SocketWatch<D>, bytes: Int)
}

/// What collects writes until the end of a turn.
protocol Flushable: AnyObject {
    func flush()
}

/// A connection that waits for the other side to end it.
protocol Closing: AnyObject {
    func cut()
}
