import NIOCore
import NIOWebSocket

/// A plain WebSocket whose messages the dialect takes.
final class PlainSocket<D: Dialect>: Peer {
    private let service: Service<D>
    let id: SocketID
    let visitor: Visitor
    private let channel: WebSocketChannel<D>
    private(set) var isOpen = true
    private var held = HeldMessages()

    private init(_ service: Service<D>, _ visitor: Visitor, on channel: WebSocketChannel<D>) {
        self.service = service
        self.visitor = visitor
        self.channel = channel
        id = service.makeID()
    }

    static func open(
        _ service: Service<D>,
        _ request: SocketRequest,
        _ visitor: Visitor,
        on channel: WebSocketChannel<D>,
        at now: NIODeadline
    ) {
        let socket = PlainSocket(service, visitor, on: channel)
        channel.owner = .plain(socket)
        channel.watch.peer = socket
        service.open(socket, at: now)
        service.dialect.open(socket.id, request, at: now, output: &service.output)
        service.deliver()
    }

    func receive(_ message: SocketMessage) {
        let now = service.loop.now
        guard let delay = service.drawLatency() else { return handle(message, at: now) }
        service.timers.push(.peer(id, .held), at: held.hold(message, until: now + delay))
    }

    private func handle(_ message: SocketMessage, at now: NIODeadline) {
        guard isOpen else { return }
        let event = service.dialect.receive(message, from: id, at: now, output: &service.output)
        service.counts.countReceived(event)
        service.deliver()
    }

    func send(_ message: ByteBuffer, attachments: [ByteBuffer]) -> Bool {
        guard isOpen else { return false }
        channel.send(message)
        for attachment in attachments { channel.sendBinary(attachment) }
        return true
    }

    func sendBinary(_ message: ByteBuffer) -> Bool {
        guard isOpen else { return false }
        channel.sendBinary(message)
        return true
    }

    func close(_ end: ConnectionEnd, code: UInt16?, reason: String) {
        guard isOpen else { return }
        self.end(end)
        channel.close(code.map { WebSocketErrorCode(codeNumber: Int($0)) }, reason: reason)
    }

    func reset(_ end: ConnectionEnd, at now: NIODeadline) {
        guard isOpen else { return }
        self.end(end)
        channel.reset()
    }

    /// The WebSocket is gone, or at its end.
    func lost(_ end: ConnectionEnd) {
        guard isOpen else { return }
        self.end(end)
    }

    func congested(_ isCongested: Bool) {
        guard isOpen else { return }
        let now = service.loop.now
        service.dialect.congestion(of: id, isCongested: isCongested, at: now, output: &service.output)
        service.arm()
    }

    func fire(_ timer: PeerTimer, due: NIODeadline, at now: NIODeadline) {
        guard case .held = timer else { return }
        while let message = held.popDue(at: now) { handle(message, at: now) }
    }

    private func end(_ end: ConnectionEnd) {
        isOpen = false
        service.noteEnd(end, of: self)
        service.release(id)
        service.dialect.disconnect(id, namespace: 0, at: service.loop.now, output: &service.output)
    }
}
