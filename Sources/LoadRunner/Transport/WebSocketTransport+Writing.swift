import Metrics
import NIOCore
import Wire

extension WebSocketTransport {
    /// The worker's frame is made anew when a message has made it larger than this.
    private static let frameLimit = 64 * 1024

    /// Bytes that wait because the socket does not take them.
    var queuedBytes: Int {
        guard !isWritable, let context else { return 0 }
        return (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }

    /// Sends one text message, rendered by the closure into a frame of the worker's.
    func write(_ render: (inout ByteBuffer) -> Void) {
        guard context != nil else { return }
        clearFrame()
        let start = WebSocketFrameEncoder.begin(&worker.frame)
        let payload = worker.frame.writerIndex
        render(&worker.frame)
        let length = worker.frame.writerIndex - payload
        worker.recorder.add(worker.metrics.bytesSent, group: group, length)
        if let trace = worker.trace, let connection {
            trace.sent(worker.frame.readableBytesView.suffix(length), of: connection.name, at: .now())
        }
        if worker.failures != nil, let tape = connection?.tape {
            worker.frame.withUnsafeReadableBytes { tape.sent(UnsafeRawBufferPointer(rebasing: $0.suffix(length))) }
        }
        WebSocketFrameEncoder.finish(&worker.frame, start: start, opcode: .text, mask: worker.maskKeys.next())
        writeFrame()
    }

    /// Sends one binary message.
    func write(binary payload: [UInt8]) {
        guard context != nil else { return }
        clearFrame()
        let start = WebSocketFrameEncoder.begin(&worker.frame)
        worker.frame.writeBytes(payload)
        worker.recorder.add(worker.metrics.bytesSent, group: group, payload.count)
        if let trace = worker.trace, let connection {
            trace.note("→ \(payload.count) bytes of binary", of: connection.name, at: .now())
        }
        connection?.tape?.sent(payload, .binary)
        WebSocketFrameEncoder.finish(&worker.frame, start: start, opcode: .binary, mask: worker.maskKeys.next())
        writeFrame()
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
        guard let context else { return }
        context.flush()
        // What is not writable before a flush may only be much at once; what is not after it does not get through.
        guard !isWritable, self.context != nil else { return }
        blockage.note(queued: queuedBytes)
    }

    /// The socket takes what is written again, or is closed.
    func endBlocking(at now: NIODeadline) {
        blockage.end(
            at: now,
            group: group,
            recordingGroup: connection?.recordingGroup ?? group,
            recorder: worker.recorder,
            metrics: worker.metrics
        )
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
        context.write(wrapOutboundOut(worker.frame), promise: nil)
        guard !needsFlush else { return }
        needsFlush = true
        if !isReading { worker.flushLater(self) }
    }
}
