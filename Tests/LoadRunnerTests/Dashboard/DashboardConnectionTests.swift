import Metrics
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import LoadRunner

@Suite("A connection of the dashboard")
struct DashboardConnectionTests {
    /// A kernel that takes nothing until it is asked to.
    private final class Kernel: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer
        private var held: [(ByteBuffer, EventLoopPromise<Void>?)] = []
        var text: String { held.map { String(buffer: $0.0) }.joined() }

        func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
            held.append((unwrapOutboundIn(data), promise))
        }

        /// What it takes is gone.
        func take() -> String {
            let taken = held
            held = []
            for (_, promise) in taken { promise?.succeed() }
            return taken.map { String(buffer: $0.0) }.joined()
        }
    }

    private struct Peer {
        let channel = EmbeddedChannel()
        let kernel = Kernel()
        let loop: DashboardLoop

        init() throws {
            loop = DashboardLoop(
                eventLoop: channel.eventLoop,
                rule: HostRule(isLoopback: true),
                pendingLimit: 1 << 20
            )
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(kernel)
            try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
            try pipeline.addHandler(DashboardConnection(loop))
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        }

        func send(_ text: String) throws {
            try channel.writeInbound(ByteBuffer(string: text))
        }
    }

    private static let request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"

    @Test("takes no next request before the answer has left")
    func oneAnswer() throws {
        let peer = try Peer()
        for _ in 0..<10 { try peer.send(String(repeating: Self.request, count: 100)) }
        for _ in 0..<5 {
            // One answer waits, whoever may have asked for how many.
            #expect(peer.kernel.text.ranges(of: "HTTP/1.1 200 ").count == 1)
            #expect(peer.kernel.take().contains("</html>"))
        }
        #expect(peer.channel.isActive)
        _ = try peer.channel.finish(acceptAlreadyClosed: true)
    }

    @Test("is closed after its time where nobody reads the answer, however often he asks")
    func notRead() throws {
        let peer = try Peer()
        try peer.send(Self.request)
        for _ in 0..<3 {
            peer.channel.embeddedEventLoop.advanceTime(by: .seconds(9))
            try peer.send(Self.request)
        }
        #expect(peer.channel.isActive)
        peer.channel.embeddedEventLoop.advanceTime(by: .seconds(4))
        #expect(!peer.channel.isActive)
        _ = try peer.channel.finish(acceptAlreadyClosed: true)
    }

    @Test("has its time again when an answer has left")
    func read() throws {
        let peer = try Peer()
        for _ in 0..<4 {
            try peer.send(Self.request)
            #expect(peer.kernel.take().contains("</html>"))
            peer.channel.embeddedEventLoop.advanceTime(by: .seconds(29))
            #expect(peer.channel.isActive)
        }
        peer.channel.embeddedEventLoop.advanceTime(by: .seconds(2))
        #expect(!peer.channel.isActive)
        _ = try peer.channel.finish(acceptAlreadyClosed: true)
    }
}
