/// The sockets of a worker that are open and silent: nobody has them any more, and the end of the run closes them.
final class SilentSockets {
    private var sockets: [ObjectIdentifier: SilentSocket] = [:]

    var isEmpty: Bool { sockets.isEmpty }

    func insert(_ socket: SilentSocket) {
        sockets[ObjectIdentifier(socket)] = socket
    }

    func remove(_ socket: SilentSocket) {
        sockets[ObjectIdentifier(socket)] = nil
    }

    /// Closes all of them.
    func close() {
        // Each takes itself out as it closes.
        for socket in Array(sockets.values) { socket.close() }
    }
}
