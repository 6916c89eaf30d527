/// The receive buffers of clients that may be stalled.
enum ReceiveBuffer {
    /// Small, so that a client that does not read is soon felt by the server: the system's own grow to several megabytes,
    /// which many a study would never fill. Linux doubles it for its own use; half of that is the window.
    static let small = 16 * 1024
}
