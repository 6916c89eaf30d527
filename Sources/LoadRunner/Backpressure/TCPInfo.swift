import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What the system says of a TCP connection.
enum TCPInfo {
    /// Bytes that came and were not read yet; nil for a channel that is closed.
    ///
    /// The kernel's own difference of what it received and what was read (tcp(7), SIOCINQ, which is FIONREAD): the same
    /// as `tcpi_bytes_received` less what was read since the connection was opened, which nobody counts for connections
    /// that are never stalled.
    static func unread(of channel: any Channel) -> Int? {
        withSocket(of: channel) { socket in
            var count: CInt = 0
            return ioctl(socket, UInt(FIONREAD), &count) == 0 ? Int(count) : nil
        }
    }

    /// The smoothed time to the peer and back; nil for a channel that is closed, and where the system does not say.
    ///
    /// Source: linux/tcp.h, `struct tcp_info`, whose places are part of the kernel's interface: `tcpi_rtt`, 32 bits of
    /// microseconds, at 68.
    static func roundTrip(of channel: any Channel) -> TimeAmount? {
        #if os(Linux)
            let size = 72
            let offset = 68
            return withSocket(of: channel) { socket in
                withUnsafeTemporaryAllocation(byteCount: size, alignment: 8) { info -> TimeAmount? in
                    var length = socklen_t(size)
                    guard getsockopt(socket, CInt(IPPROTO_TCP), TCP_INFO, info.baseAddress, &length) == 0,
                        Int(length) == size
                    else { return nil }
                    return .microseconds(Int64(info.load(fromByteOffset: offset, as: UInt32.self)))
                }
            }
        #else
            return nil
        #endif
    }

    private static func withSocket<Result>(of channel: any Channel, _ body: (CInt) -> Result?) -> Result? {
        let socket = NIOBSDSocket.Handle.self
        let result = try? channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: socket, body)
        return result.flatMap { $0.flatMap { $0 } }
    }
}
