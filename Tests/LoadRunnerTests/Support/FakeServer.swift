import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A server in the test's process that does what closures say, and keeps a log of what it saw.
///
/// It speaks in bytes: frames, packets and HTTP are put together by hand, so that it can say what no library lets it.
/// All its closures run on the one event loop of its own.
final class FakeServer: Sendable {
    /// What the server does, each with a polite default.
    struct Script: Sendable {
        /// A connection is there; with TLS before the handshake.
        var accepted: @Sendable (FakePeer) -> Void = { _ in }
        /// A request that is no upgrade.
        var request: @Sendable (FakePeer, FakeRequest) -> Void = { peer, _ in peer.respond(200, "{}") }
        /// The socket is open; Engine.IO's open packet is due.
        var opened: @Sendable (FakePeer) -> Void = { $0.sendOpen() }
        /// The client asks for the namespace.
        var connect: @Sendable (FakePeer) -> Void = { $0.sendText(#"40{"sid":"s"}"#) }
        var event: @Sendable (FakePeer, FakeEvent) -> Void = { _, _ in }
        /// The WebSocket that a session over polling may move to asks whether it is one.
        var probed: @Sendable (FakePeer) -> Void = { $0.sendText("3probe") }
        /// Upgrades are requests like any other.
        var refusesUpgrades = false
        /// Frames are messages of no protocol.
        var isPlain = false
        /// A plain socket is open.
        var plainOpened: @Sendable (FakePeer) -> Void = { _ in }
        var message: @Sendable (FakePeer, String) -> Void = { _, _ in }
        var binary: @Sendable (FakePeer, [UInt8]) -> Void = { _, _ in }
        var answersPings = true
        /// The client's close frame, which the peer answers and closes upon by itself.
        var closed: @Sendable (FakePeer) -> Void = { _ in }
    }

    /// Something that the server saw.
    enum Entry: Hashable {
        case accepted(Int)
        case request(Int, FakeRequest)
        case opened(Int)
        /// The namespace's DISCONNECT.
        case left(Int)
        case event(Int, FakeEvent)
        /// A CONNECT with its namespace; none for the main one.
        case connect(Int, String)
        /// A packet that is no event of the main namespace.
        case packet(Int, String)
        case message(Int, String)
        case binary(Int, [UInt8])
        case ping(Int)
        /// A close frame with its code.
        case close(Int, Int)
        /// The client reset the connection.
        case reset(Int)
        /// So many bytes of those pushed to the client were taken by the kernel.
        case pushed(Int, Int)
        /// The connection is no more.
        case ended(Int)
    }

    private struct Waiter {
        var holds: @Sendable ([Entry]) -> Bool
        var continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var log: [Entry] = []
        var waiters: [Int: Waiter] = [:]
        var waiterCount = 0
    }

    let port: Int
    private let state = Mutex(State())
    private let channel: any Channel
    private let peers: FakePeers

    /// Starts a server and stops it when the closure is done.
    ///
    /// - Parameter tls: What it speaks TLS with; nil: it does not.
    static func run<Result: Sendable>(
        _ script: Script = Script(),
        host: String = "127.0.0.1",
        tls: NIOSSLContext? = nil,
        _ body: @Sendable (FakeServer) async throws -> Result
    ) async throws -> Result {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let peers = FakePeers()
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    try channel.pipeline.syncOperations.addHandler(FakePeer(peers, script))
                }
            }
            .bind(host: host, port: 0).get()
        let server = FakeServer(channel, peers)
        peers.server.withLock { $0 = server }
        do {
            let result = try await body(server)
            try await group.shutdownGracefully()
            peers.server.withLock { $0 = nil }
            return result
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    private init(_ channel: any Channel, _ peers: FakePeers) {
        self.channel = channel
        self.peers = peers
        port = channel.localAddress?.port ?? 0
    }

    /// Takes no more connections: further ones are refused.
    func stopListening() async throws {
        try await channel.close()
    }

    // MARK: Log

    var log: [Entry] { state.withLock { $0.log } }

    var requests: [FakeRequest] {
        log.compactMap { if case .request(_, let request) = $0 { request } else { nil } }
    }

    var events: [FakeEvent] {
        log.compactMap { if case .event(_, let event) = $0 { event } else { nil } }
    }

    /// The messages of plain sockets.
    var messages: [String] {
        log.compactMap { if case .message(_, let text) = $0 { text } else { nil } }
    }

    /// Acknowledgements and what belongs to other namespaces.
    var packets: [String] {
        log.compactMap { if case .packet(_, let text) = $0 { text } else { nil } }
    }

    /// The codes of the close frames that came.
    var closeCodes: [Int] {
        log.compactMap { if case .close(_, let code) = $0 { code } else { nil } }
    }

    /// How many of the bytes that were pushed to clients the kernel took.
    var pushedBytes: Int { Self.pushed(log) }

    static func pushed(_ log: [Entry]) -> Int {
        log.reduce(0) { count, entry in
            if case .pushed(_, let bytes) = entry { count + bytes } else { count }
        }
    }

    /// How many connections there ever were.
    var connectionCount: Int {
        log.reduce(0) { count, entry in
            if case .accepted = entry { count + 1 } else { count }
        }
    }

    /// How many connections are open.
    var openConnections: Int { Self.open(log) }

    static func open(_ log: [Entry]) -> Int {
        log.reduce(0) { count, entry in
            switch entry {
            case .accepted: count + 1
            case .ended: count - 1
            default: count
            }
        }
    }

    /// Returns as soon as the log is like that, or the test's time is over, which is then an issue.
    func until(_ holds: @escaping @Sendable ([Entry]) -> Bool) async {
        let number = state.withLock { state in
            state.waiterCount += 1
            return state.waiterCount
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isNow = state.withLock { state in
                    if holds(state.log) || Task.isCancelled { return true }
                    state.waiters[number] = Waiter(holds: holds, continuation: continuation)
                    return false
                }
                if isNow { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: number) }?.continuation.resume()
        }
    }

    func note(_ entry: Entry) {
        let due = state.withLock { state in
            state.log.append(entry)
            let log = state.log
            let due = state.waiters.filter { $0.value.holds(log) }
            for number in due.keys { state.waiters[number] = nil }
            return due.values
        }
        for waiter in due { waiter.continuation.resume() }
    }
}

/// What the peers of a server share.
final class FakePeers: Sendable {
    /// Nil until the server listens.
    let server = Mutex<FakeServer?>(nil)
    private let count = Atomic(0)

    func next() -> Int { count.add(1, ordering: .relaxed).oldValue }

    func note(_ entry: FakeServer.Entry) {
        server.withLock { $0 }?.note(entry)
    }
}

/// A request as it came.
struct FakeRequest: Hashable {
    var method: String
    var uri: String
    /// By lowercase name.
    var headers: [String: String]
    var body: String
}

/// An event as it came.
struct FakeEvent: Hashable {
    var name: String
    /// Its first argument as text, empty where it has none.
    var data: String
    /// The number to acknowledge it by.
    var id: Int?
}
