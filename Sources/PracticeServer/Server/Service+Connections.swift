import NIOCore
import NIOHTTP1

extension Service {
    func connection(_ socket: SocketID) -> Connection<D>? {
        let slot = Int(socket.slot)
        guard connections.indices.contains(slot), let connection = connections[slot],
            connection.id == socket
        else { return nil }
        return connection
    }

    /// Decides about an upgrade; each request must come here once, since refusals are counted out.
    func admit(_ head: HTTPRequestHead) -> Admission {
        switch verdict(on: head, isUpgrade: true) {
        case nil:
            counts.connections.rejected += 1
            return .turnedDown(.error(404, "not_found"))
        case .rejected(let error):
            counts.connections.rejected += 1
            return .turnedDown(.init(status: error.status, body: error.body))
        case .accepted(let session):
            guard !refusals.pick() else {
                counts.connections.refused += 1
                output.log.note(InjectedFault(.refusedUpgrade, at: clock.milliseconds(at: loop.now), session: session))
                return .turnedDown(.error(503, "refused by the practice server"))
            }
            return .admitted(session: session)
        }
    }

    /// What the Engine.IO endpoint says to a request; nil where the request is not for it.
    func verdict(on head: HTTPRequestHead, isUpgrade: Bool) -> Handshake.Verdict? {
        let target = RequestTarget(head.uri)
        guard handshake.serves(target) else { return nil }
        return handshake.verdict(
            method: head.method.rawValue,
            target: target,
            origin: head.headers.first(name: "Origin"),
            isUpgrade: isUpgrade
        )
    }

    /// Gives a connection its place and its timers.
    func open(_ connection: Connection<D>, at now: NIODeadline) -> SocketID {
        let slot = freeSlots.popLast() ?? connections.count
        if slot == connections.count {
            connections.append(connection)
        } else {
            connections[slot] = connection
        }
        ordinal &+= 1
        counts.connections.accepted += 1
        let socket = SocketID(slot: Int32(truncatingIfNeeded: slot), ordinal: ordinal)
        timers.push(.connectTimeout(socket), at: now + TimeAmount(configuration.connectTimeout))
        if let delay = faults.killAfter { timers.push(.kill(socket), at: now + delay) }
        return socket
    }

    func release(_ socket: SocketID) {
        guard connection(socket) != nil else { return }
        connections[Int(socket.slot)] = nil
        freeSlots.append(Int(socket.slot))
    }

    /// An id as the official server makes them: 20 characters that nobody needs to understand.
    func makeID(_ socket: SocketID, _ purpose: UInt64) -> String {
        var random = SplitMix64(configuration.seed, UInt64(socket.ordinal), purpose)
        let high = hexadecimal(random.next())
        return high + hexadecimal(random.next()).prefix(4)
    }
}

/// What becomes of an upgrade.
enum Admission {
    case admitted(session: String?)
    case turnedDown(HTTPAnswer)
}

/// An answer to an HTTP request; the body is JSON.
struct HTTPAnswer {
    var status: Int
    var body: ByteBuffer

    static func error(_ status: Int, _ message: StaticString) -> HTTPAnswer {
        var body = EventWriter(objectWithCapacity: 64)
        body.member("error", message)
        return HTTPAnswer(status: status, body: body.finishObject())
    }
}
