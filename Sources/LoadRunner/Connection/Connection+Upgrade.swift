import Metrics
import NIOCore
import Scenarios
import Wire

/// The WebSocket that a session over polling is about to move to.
struct UpgradeCandidate {
    let socket: WebSocketTransport
    let begin: NIODeadline
    var upgrade = EngineIOUpgrade()
}

/// The way from polling to WebSocket, as the official client goes it: a probe, a pause, the move.
///
/// Where it fails the session stays on polling, and the failure is counted: the official client says nothing then.
extension Connection {
    func beginUpgrade(from polling: PollingTransport, at now: NIODeadline) {
        let socket = WebSocketTransport(connection: self, at: now)
        candidate = UpgradeCandidate(socket: socket, begin: now)
        let timeout = TimeAmount(program.group.target.timeout)
        client?.set(.upgrade, at: now + timeout)
        worker.dialer.dial(
            socket,
            group: group,
            measuredFor: recordingGroup,
            timeout: timeout,
            route: polling.route,
            receiveBuffer: receiveBuffer
        )
    }

    /// The WebSocket is open.
    func probe(at now: NIODeadline) {
        guard let action = candidate?.upgrade.opened() else { return }
        follow(action, at: now)
    }

    /// A message came on the WebSocket before the session has moved there.
    func probed(_ bytes: UnsafeRawBufferPointer, isText: Bool, at now: NIODeadline) {
        guard case .polling(let polling) = transport,
            let action = candidate?.upgrade.receive(bytes, isText: isText, isPollingIdle: polling.isIdle)
        else { return }
        follow(action, at: now)
    }

    /// The last request of polling has ended.
    func pollingIsIdle(at now: NIODeadline) {
        guard let action = candidate?.upgrade.pollingIsIdle() else { return }
        follow(action, at: now)
    }

    /// The time for the move is over; what is held back meanwhile must not wait for ever.
    func upgradeTimedOut(at now: NIODeadline) {
        upgradeFailed("timeout", "no WebSocket within \(program.group.target.timeout)", at: now)
    }

    func upgradeFailed(_ kind: String, _ example: @autoclosure () -> String, at now: NIODeadline) {
        guard var failing = candidate else { return }
        let action = failing.upgrade.fail(example())
        candidate = nil
        failing.socket.abandon()
        guard case .abandon = action else { return }
        client?.upgradeFailed(kind, example(), at: now)
        if case .polling(let polling) = transport { polling.resume() }
    }

    private func follow(_ action: EngineIOUpgrade.Action, at now: NIODeadline) {
        guard case .polling(let polling) = transport, let candidate else { return }
        switch action {
        case .sendProbe:
            candidate.socket.write {
                EngineIOPacketWriter.write(.ping, to: &$0)
                $0.writeStaticString("probe")
            }
        case .pausePolling:
            polling.hold()
        case .sendUpgrade:
            move(from: polling, to: candidate, at: now)
        case .abandon(let reason):
            self.candidate = nil
            candidate.socket.abandon()
            client?.upgradeFailed("protocol", reason, at: now)
            polling.resume()
        case .none:
            break
        }
    }

    private func move(from polling: PollingTransport, to candidate: UpgradeCandidate, at now: NIODeadline) {
        worker.recorder.record(
            worker.metrics.connectUpgrade,
            group: recordingGroup,
            nanoseconds: max(0, (now - candidate.begin).nanoseconds)
        )
        self.candidate = nil
        transport = .webSocket(candidate.socket)
        candidate.socket.write { EngineIOPacketWriter.write(.upgrade, to: &$0) }
        for packet in polling.moved() {
            switch packet {
            case .text(let text): candidate.socket.write { $0.writeImmutableBuffer(text) }
            case .binary(let message): candidate.socket.write(binary: Array(message.readableBytesView))
            }
        }
        socketTakesMore()
    }
}
