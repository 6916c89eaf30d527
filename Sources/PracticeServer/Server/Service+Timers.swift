import NIOCore

extension Service {
    /// Deadlines are met at the next whole one of these, so that many clients are served by one waking.
    static var tick: TimeAmount { .milliseconds(1) }

    /// Sets the loop's timer for whatever is due first.
    ///
    /// It is never cancelled: one that was set for later than is needed now finds nothing to do when it fires.
    func arm() {
        guard !isStopped, let next = Self.earlier(timers.next, dialect.nextDeadline) else { return }
        let now = loop.now
        let rounded = NIODeadline.uptimeNanoseconds(
            (next.uptimeNanoseconds / UInt64(Self.tick.nanoseconds) + 1) * UInt64(Self.tick.nanoseconds)
        )
        let deadline = min(rounded, now + .seconds(1))
        if let armed, armed <= deadline { return }
        armed = deadline
        loop.assumeIsolated().scheduleTask(deadline: deadline) { [weak self] in
            self?.wake(for: deadline)
        }
    }

    private func wake(for deadline: NIODeadline) {
        guard armed == deadline else { return }
        armed = nil
        let now = loop.now
        while let (timer, due) = timers.popDue(at: now) {
            run(timer, due: due, at: now)
        }
        dialect.advance(to: now, output: &output)
        settle()
    }

    private func run(_ timer: ServiceTimer<D>, due: NIODeadline, at now: NIODeadline) {
        switch timer {
        case .peer(let socket, let timer): peer(socket)?.fire(timer, due: due, at: now)
        case .kill(let socket):
            guard let peer = peer(socket), peer.isOpen else { return }
            output.log.note(InjectedFault(.killedConnection, at: clock.milliseconds(at: now)))
            peer.reset(.killed, at: now)
        case .closing(let channel): channel.cut()
        case .request(let handler): handler.answer(at: now)
        case .slow(let watch, let token): watch.check(token, at: now)
        case .cut(let watch, let bytes): watch.cut(bytes: bytes, at: now)
        }
    }

    private static func earlier(_ one: NIODeadline?, _ other: NIODeadline?) -> NIODeadline? {
        guard let one else { return other }
        guard let other else { return one }
        return min(one, other)
    }
}
