import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// One end of a connection that a test holds in its hand: it sends bytes, and keeps all that it reads.
///
/// `@unchecked Sendable`, for its channel is set before anybody else knows of it, and the rest stands behind a lock.
final class SocketEnd: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// What it has seen.
    struct Seen {
        var bytes: [UInt8] = []
        /// The other end sends no more.
        var inputEnded = false
        var wasReset = false
        var isClosed = false

        var text: String { String(decoding: bytes, as: UTF8.self) }
    }

    private struct Waiter {
        var holds: @Sendable (Seen) -> Bool
        var continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var seen = Seen()
        var waiters: [Int: Waiter] = [:]
        var count = 0
    }

    private let state = Mutex(State())
    private(set) var channel: (any Channel)?
    private let onBytes: @Sendable (SocketEnd) -> Void

    /// - Parameter onBytes: Called on the event loop whenever something has come.
    init(onBytes: @escaping @Sendable (SocketEnd) -> Void = { _ in }) {
        self.onBytes = onBytes
    }

    var seen: Seen { state.withLock { $0.seen } }

    /// Returns as soon as it has seen that, or the test's time is over.
    func until(_ holds: @escaping @Sendable (Seen) -> Bool) async {
        let number = state.withLock { state in
            state.count += 1
            return state.count
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isNow = state.withLock { state in
                    if holds(state.seen) || Task.isCancelled { return true }
                    state.waiters[number] = Waiter(holds: holds, continuation: continuation)
                    return false
                }
                if isNow { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: number) }?.continuation.resume()
        }
    }

    func until(text: String) async {
        await until { $0.text.contains(text) || $0.isClosed }
    }

    func send(_ text: String) { send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) {
        channel?.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    }

    /// Sends no more, and reads on.
    func finish() { channel?.close(mode: .output, promise: nil) }

    func close() { channel?.close(promise: nil) }

    /// Closes with a TCP reset.
    func reset() {
        guard let channel else { return }
        channel.eventLoop.execute {
            _ = (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
            channel.close(promise: nil)
        }
    }

    func stopReading() { channel?.setOption(.autoRead, value: false).whenFailure { _ in } }

    func startReading() { channel?.setOption(.autoRead, value: true).whenFailure { _ in } }

    // MARK: Channel

    func handlerAdded(context: ChannelHandlerContext) {
        channel = context.channel
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = Array(unwrapInboundIn(data).readableBytesView)
        note { $0.bytes += bytes }
        onBytes(self)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent { note { $0.inputEnded = true } }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if (error as? IOError)?.errnoCode == ECONNRESET { note { $0.wasReset = true } }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        note { $0.isClosed = true }
    }

    private func note(_ change: (inout Seen) -> Void) {
        let due = state.withLock { state in
            change(&state.seen)
            let seen = state.seen
            let due = state.waiters.filter { $0.value.holds(seen) }
            for number in due.keys { state.waiters[number] = nil }
            return due.values
        }
        for waiter in due { waiter.continuation.resume() }
    }
}
