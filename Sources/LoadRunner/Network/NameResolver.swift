import NIOCore
import NIOPosix

/// Looks up names beside the event loops, which must not wait for the system's answer.
final class NameResolver: Sendable {
    /// So many names are looked up at once; more wait.
    private static let threads = 8

    /// From a host and a port to addresses; another one than the system's in tests.
    typealias Lookup = @Sendable (_ host: String, _ port: Int) throws -> [SocketAddress]

    private let pool = NIOThreadPool(numberOfThreads: NameResolver.threads)
    private let lookup: Lookup

    init(_ lookup: @escaping Lookup = { try NameLookup.addresses(of: $0, port: $1) }) {
        self.lookup = lookup
        pool.start()
    }

    /// The addresses of a host.
    func addresses(of host: String, port: Int, on eventLoop: any EventLoop) -> EventLoopFuture<[SocketAddress]> {
        let lookup = lookup
        return pool.runIfActive(eventLoop: eventLoop) { try lookup(host, port) }
    }

    /// The same for who can wait.
    func addresses(of host: String, port: Int) async throws -> [SocketAddress] {
        let lookup = lookup
        return try await pool.runIfActive { try lookup(host, port) }
    }

    func stop() async {
        try? await pool.shutdownGracefully()
    }
}
