import NIOCore

extension Service {
    /// How much may wait for a client unless the fault `buffer` says otherwise, in bytes.
    static var defaultBufferLimit: Int { 64_000_000 }

    /// How much may wait for one client before it is cut off, in bytes.
    var bufferLimit: Int { faults.buffer ?? Self.defaultBufferLimit }

    /// Sends a client nothing any more; it is not told.
    ///
    /// - Parameter waiting: How many bytes it has not taken.
    func silence(_ peer: any Peer, waiting: Int, at now: NIODeadline) {
        guard peer.isOpen, silenced.insert(peer.member).inserted else { return }
        counts.connections.silenced += 1
        counts.readers.zombies += 1
        let time = clock.milliseconds(at: now)
        if counts.readers.silenced.count < Truth.Readers.listed {
            counts.readers.silenced.append(Truth.Zombie(at: time, client: peer.visitor.name, bytes: waiting))
        }
        log?.note("silenced", peer.visitor, at: time)
        dialect.silence(peer.member, at: now, output: &output)
        deliver()
    }

    /// Whether a client is sent nothing any more; counts the messages that it would have been sent.
    func suppresses(_ member: SocketID, messages: Int = 1) -> Bool {
        guard !silenced.isEmpty, silenced.contains(member) else { return false }
        counts.readers.suppressed += messages
        return true
    }

    /// Notes that a client is cut off for its slowness.
    func noteCut(_ peer: (any Peer)?, bytes: Int, since: NIODeadline, at now: NIODeadline) {
        counts.readers.cut += 1
        guard counts.readers.cuts.count < Truth.Readers.listed else { return }
        counts.readers.cuts.append(
            Truth.Cut(
                at: clock.milliseconds(at: now),
                client: peer?.visitor.name ?? "",
                bytes: bytes,
                after: (now - since).nanoseconds / 1_000_000
            )
        )
    }
}
