import NIOCore
import NIOHTTP1
import Wire

// Long polling: one request that waits for packets, and one that brings some.
//
// Source: socketio/socket.io, packages/engine.io/lib/transports/polling.ts.
extension EngineSession {
    /// Takes a request that waits for packets.
    ///
    /// A second one while the first waits ends the session.
    func takePoll(_ request: HTTPHandler<D>) {
        guard poll == nil else {
            abort(.protocolError)
            return request.respond(.empty(400))
        }
        poll = request
        if !isOpen || !outbox.isEmpty { answerPoll() }
    }

    /// Takes a request that brings packets, as soon as its head is there; false where another one is under way, which
    /// ends the session.
    func beginPost(_ request: HTTPHandler<D>) -> Bool {
        guard post == nil else {
            abort(.protocolError)
            return false
        }
        post = request
        return true
    }

    /// Takes the packets that a request brought, and says what it is answered with.
    func endPost(_ payload: ByteBuffer, contentType: String?) -> HTTPAnswer {
        post = nil
        guard contentType?.hasPrefix("application/octet-stream") != true else {
            abort(.protocolError)
            return .empty(400)
        }
        guard let packets = Self.packets(of: payload, limit: service.configuration.maxPayload) else {
            if isOpen { abort(.protocolError) }
            return .empty(400)
        }
        let wasOpen = isOpen
        for packet in packets { receive(packet) }
        return wasOpen && brokeProtocol ? .empty(400) : .text(200, ByteBuffer(string: "ok"), contentType: "text/html")
    }

    /// The client's end of a request is gone before the answer to it.
    func lost(_ request: HTTPHandler<D>, _ departure: Departure) {
        guard request === poll || request === post else { return }
        poll = nil
        post = nil
        // What is left of polling after an upgrade is of no interest.
        guard webSocket == nil else { return }
        if isOpen { end(.closedByClient(departure)) }
        service.release(id)
    }

    /// Answers the poll that waits with all that waits for it.
    ///
    /// The end of a session goes by itself, after what was said before it: the official client would look at it first.
    func answerPoll() {
        guard let request = poll else { return }
        guard isOpen || !outbox.isEmpty else {
            endPoll(.close)
            return service.release(id)
        }
        poll = nil
        var payload = ByteBuffer()
        var writer = EngineIOPayloadWriter(maxPayload: nil, maximumPackets: .max)
        for packet in outbox { _ = writer.append(packet, to: &payload) }
        outbox.removeAll(keepingCapacity: true)
        request.respond(.text(200, payload, contentType: "text/plain; charset=UTF-8"))
    }

    /// Answers the poll that waits with one packet of no content.
    func endPoll(_ type: EngineIOPacketType) {
        guard let request = poll else { return }
        poll = nil
        var payload = ByteBufferAllocator().buffer(capacity: 1)
        EngineIOPacketWriter.write(type, to: &payload)
        request.respond(.text(200, payload, contentType: "text/plain; charset=UTF-8"))
    }

    /// The packets of a payload; nil where one of them is none.
    private static func packets(of payload: ByteBuffer, limit: Int) -> [SocketMessage]? {
        var reader = EngineIOPayloadReader(maximumSize: limit, maximumPackets: .max)
        var packets: [SocketMessage] = []
        return payload.withUnsafeReadableBytes { bytes in
            do throws(WireError) {
                while let packet = try reader.next(bytes) {
                    switch packet {
                    case .text(let range):
                        guard EngineIOPacketType(rawValue: bytes[range.lowerBound]) != nil,
                            let text = payload.getSlice(at: payload.readerIndex + range.lowerBound, length: range.count)
                        else { return nil }
                        packets.append(.text(text))
                    case .binary(let range):
                        var message = ByteBuffer()
                        try EngineIOPayloadReader.decode(range, in: bytes, limit: limit, to: &message)
                        packets.append(.binary(message))
                    }
                }
            } catch {
                return nil
            }
            return packets
        }
    }
}
