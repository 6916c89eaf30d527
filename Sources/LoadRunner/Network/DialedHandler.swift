import NIOCore

/// The handler that a connection is opened for: the last of its channel's.
///
/// Of a connection that came to be it hears by `channelActive`, which with TLS comes when the TLS handshake is over; of
/// one that did not by `dialFailed`, and then by nothing else. Both come on the worker's event loop.
protocol DialedHandler: ChannelHandler {
    /// Adds itself to the channel, behind what it wants between the socket and itself.
    func install(in pipeline: ChannelPipeline.SynchronousOperations) throws
    /// No connection came to be; `ErrorKind` knows what kind of failure that is, and what to say of it.
    func dialFailed(_ error: any Error)
}

extension DialedHandler {
    func install(in pipeline: ChannelPipeline.SynchronousOperations) throws {
        try pipeline.addHandler(self)
    }
}

extension WebSocketTransport: DialedHandler {}
