import NIOCore
import NIOPosix

/// Somebody who talks to a dashboard in bytes.
struct DashboardClient {
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var pending = ""

    /// Connects, talks, and closes.
    ///
    /// - Parameter receiveBuffer: How many bytes the kernel keeps that are not read yet, or about so many.
    static func talk<Result: Sendable>(
        to port: Int,
        receiveBuffer: Int? = nil,
        _ body: @Sendable (inout DashboardClient) async throws -> Result
    ) async throws -> Result {
        var bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        if let receiveBuffer {
            bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: SocketOptionValue(receiveBuffer))
        }
        let channel = try await bootstrap.connect(host: "127.0.0.1", port: port) { channel in
            channel.eventLoop.makeCompletedFuture {
                // Reads as much as it is asked for, and lets the rest wait at the server's.
                try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                    wrappingChannelSynchronously: channel,
                    configuration: .init(
                        backPressureStrategy: .init(lowWatermark: 1, highWatermark: 2),
                        isOutboundHalfClosureEnabled: true
                    )
                )
            }
        }
        return try await channel.executeThenClose { inbound, outbound in
            var client = DashboardClient(inbound: inbound.makeAsyncIterator(), outbound: outbound)
            return try await body(&client)
        }
    }

    func send(_ text: String) async throws {
        try await outbound.write(ByteBuffer(string: text))
    }

    /// A request of a browser's, of which the connection ends after the answer unless it is kept.
    func get(
        _ path: String,
        method: String = "GET",
        host: String = "localhost",
        headers: [String] = [],
        keeps: Bool = false
    )
        async throws
    {
        let lines =
            ["\(method) \(path) HTTP/1.1", "Host: \(host)"] + headers + (keeps ? [] : ["Connection: close"]) + ["", ""]
        try await send(lines.joined(separator: "\r\n"))
    }

    /// Reads up to the end of the connection.
    mutating func rest() async -> String {
        while await more() {}
        defer { pending = "" }
        return pending
    }

    /// Reads up to some text, and takes it and all before it.
    ///
    /// - Returns: Nil where the connection ended before.
    mutating func read(through end: String) async -> String? {
        while true {
            if let range = pending.firstRange(of: end) {
                defer { pending = String(pending[range.upperBound...]) }
                return String(pending[..<range.upperBound])
            }
            guard await more() else { return nil }
        }
    }

    private mutating func more() async -> Bool {
        // A reset is an end too.
        guard let buffer = try? await inbound.next() else { return false }
        pending += String(buffer: buffer)
        return true
    }
}
