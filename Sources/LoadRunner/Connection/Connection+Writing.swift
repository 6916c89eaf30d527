import Metrics
import NIOCore
import Scenarios
import Wire

extension Connection {
    /// A server that does not read what is sent is given up at this many bytes.
    static let blockedLimit = 1 << 20
    /// The worker's frame is made anew when a message has made it larger than this.
    private static let frameLimit = 64 * 1024

    /// Sends one text message, rendered by the closure into a frame of the worker's.
    func write(_ render: (inout ByteBuffer) -> Void) {
        guard context != nil else { return }
        clearFrame()
        let start = WebSocketFrameEncoder.begin(&worker.frame)
        let payload = worker.frame.writerIndex
        render(&worker.frame)
        let length = worker.frame.writerIndex - payload
        worker.recorder.add(worker.metrics.bytesSent, group: group, length)
        if let trace = worker.trace {
            trace.sent(worker.frame.readableBytesView.suffix(length), of: name, at: .now())
        }
        WebSocketFrameEncoder.finish(&worker.frame, start: start, opcode: .text, mask: worker.maskKeys.next())
        writeFrame()
    }

    /// Sends the event of an `emit` step.
    func send(_ operation: EmitOperation, acknowledgement: Int?, values: inout ClientValues, event: EventView?) {
        guard context != nil else { return }
        worker.recorder.add(worker.metrics.messagesSent, group: group)
        let keepsSent = client?.program.group.readsSent ?? false
        write { frame in
            SocketIOPacketWriter.beginEvent(namespace, id: acknowledgement, to: &frame)
            frame.writeBytes(operation.name)
            let arguments = frame.writerIndex
            for argument in operation.arguments {
                frame.writeInteger(UInt8(ascii: ","))
                argument.append(to: &frame, &values, event: event)
            }
            frame.writeInteger(UInt8(ascii: "]"))
            if keepsSent { values.sent = StoredEvent(arguments: Self.list(in: frame, from: arguments)) }
        }
    }

    func writeControl(_ opcode: WebSocketOpcode, _ payload: ByteBuffer = ByteBuffer(), code: UInt16? = nil) {
        guard context != nil else { return }
        clearFrame()
        if opcode == .close {
            WebSocketFrameEncoder.writeClose(code: code, mask: worker.maskKeys.next(), to: &worker.frame)
        } else {
            WebSocketFrameEncoder.write(payload, opcode: opcode, mask: worker.maskKeys.next(), to: &worker.frame)
        }
        writeFrame()
    }

    /// Hands what was written to the socket; not while the client's code runs.
    func flush() {
        guard needsFlush else { return }
        needsFlush = false
        context?.flush()
        if blockedBytes > Self.blockedLimit {
            lose("too_large", "the server does not read: \(blockedBytes) bytes wait for it", at: .now())
        }
    }

    /// The arguments of an event that was just rendered, as a JSON array: `,1,2]` with its comma for a bracket.
    private static func list(in frame: ByteBuffer, from start: Int) -> [UInt8] {
        guard var list = frame.getBytes(at: start, length: frame.writerIndex - start), list.count > 1 else {
            return Array("[]".utf8)
        }
        list[0] = UInt8(ascii: "[")
        return list
    }

    private func clearFrame() {
        if worker.frame.capacity > Self.frameLimit {
            worker.frame = ByteBufferAllocator().buffer(capacity: 1024)
        } else {
            worker.frame.clear()
        }
    }

    private func writeFrame() {
        guard let context else { return }
        if !context.channel.isWritable { blockedBytes += worker.frame.readableBytes }
        context.write(wrapOutboundOut(worker.frame), promise: nil)
        guard !needsFlush else { return }
        needsFlush = true
        if !isReading { worker.flushLater(self) }
    }
}
