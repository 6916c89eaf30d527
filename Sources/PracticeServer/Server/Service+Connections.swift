import NIOCore
import NIOHTTP1

extension Service {
    func peer(_ socket: SocketID) -> (any Peer)? {
        let slot = Int(socket.slot)
        guard peers.indices.contains(slot), let peer = peers[slot], peer.id == socket else { return nil }
        return peer
    }

    func session(_ socket: SocketID) -> EngineSession<D>? {
        peer(socket) as? EngineSession<D>
    }

    /// A number and a place for a new connection.
    func makeID() -> SocketID {
        let slot = freeSlots.popLast() ?? peers.count
        if slot == peers.count { peers.append(nil) }
        ordinal &+= 1
        return SocketID(slot: Int32(truncatingIfNeeded: slot), ordinal: ordinal)
    }

    /// Takes a new connection into its place.
    func open(_ peer: any Peer, at now: NIODeadline) {
        peers[Int(peer.id.slot)] = peer
        counts.connections.accepted += 1
        log?.note("opened", peer.visitor, at: clock.milliseconds(at: now))
        if let delay = faults.killAfter { timers.push(.kill(peer.id), at: now + delay) }
    }

    func release(_ socket: SocketID) {
        guard let peer = peer(socket) else { return }
        if let session = peer as? EngineSession<D> { sids[session.sid] = nil }
        peers[Int(socket.slot)] = nil
        freeSlots.append(Int(socket.slot))
    }

    /// An id as the official server makes them: 20 characters that nobody needs to understand.
    func makeName(_ socket: SocketID, _ purpose: UInt64) -> String {
        var random = SplitMix64(configuration.seed, UInt64(socket.ordinal), purpose)
        let high = hexadecimal(random.next())
        return high + hexadecimal(random.next()).prefix(4)
    }

    func countRequest(_ route: String, _ status: Int) {
        counts.http["\(route) \(status)", default: 0] += 1
    }
}

// What becomes of requests.
extension Service {
    /// What an upgrade comes to.
    enum Admission {
        case admitted(SocketRoute, subprotocol: String?)
        case turnedDown(HTTPAnswer)
    }

    /// Decides about an upgrade; each request must come here once, since refusals are counted out.
    func admit(_ head: HTTPRequestHead, from address: String) -> Admission {
        let target = RequestTarget(head.uri)
        guard let endpoint = endpoint(for: target) else { return reject(.error(404, "not_found"), arrive(target)) }
        guard endpoint.kind.isEngineIO else { return admit(head, target, endpoint, from: address) }
        switch verdict(on: head, target, isUpgrade: true) {
        case .rejected(let refusal):
            return reject(.refusal(refusal), target["sid"] == nil ? arrive(target) : nil)
        case .opens(_, let session):
            let visitor = arrive(target)
            if let refusal = refuse(visitor, session: session) { return .turnedDown(refusal) }
            return .admitted(.session(endpoint.kind, opening(head, visitor, session)), subprotocol: nil)
        case .continues(let sid):
            guard let id = sids[sid] else { return reject(.refusal(.unknownSID), nil) }
            return .admitted(.upgrade(id), subprotocol: nil)
        }
    }

    private func admit(
        _ head: HTTPRequestHead,
        _ target: RequestTarget,
        _ endpoint: Endpoint,
        from address: String
    ) -> Admission {
        let visitor = arrive(target)
        guard crossOrigin.origins.allows(head.headers.first(name: "Origin")) else {
            return reject(.error(403, "origin_not_allowed"), visitor)
        }
        let request = SocketRequest(target: target, address: address, headers: head.headers)
        var subprotocol: String?
        if endpoint.kind == .webSocket {
            switch dialect.admit(request, at: loop.now, output: &output) {
            case .accepted(let chosen): subprotocol = chosen
            case .refused(let status, let body): return reject(.json(status, body), visitor)
            }
        }
        if let refusal = refuse(visitor, session: nil) { return .turnedDown(refusal) }
        let route: SocketRoute = endpoint.kind == .echo ? .echo(visitor) : .plain(request, visitor)
        return .admitted(route, subprotocol: subprotocol)
    }

    /// - Parameter visitor: Who tried to open a connection; nil where it was about one that is there.
    private func reject(_ answer: HTTPAnswer, _ visitor: Visitor?) -> Admission {
        counts.connections.rejected += 1
        if let visitor { noteRefusal(of: visitor, status: answer.status) }
        return .turnedDown(answer)
    }

    /// What the fault `refuse` says to a connection that would be opened.
    private func refuse(_ visitor: Visitor, session: String?) -> HTTPAnswer? {
        guard refusals.pick() else { return nil }
        counts.connections.refused += 1
        noteRefusal(of: visitor, status: 503)
        output.log.note(InjectedFault(.refusedUpgrade, at: clock.milliseconds(at: loop.now), session: session))
        return .error(503, "refused by the practice server")
    }

    /// What a request is for that asks for no upgrade, or for one that NIO found wanting.
    func purpose(of head: HTTPRequestHead) -> HTTPPurpose {
        if let answer = crossOrigin.preflight(head) { return .answer(answer, route: "other") }
        let target = RequestTarget(head.uri)
        if let answer = metrics(for: head, target) { return .answer(answer, route: nil) }
        guard let endpoint = endpoint(for: target) else { return .dialect }
        let isUpgrade = head.headers.contains(name: "Upgrade")
        guard endpoint.kind.isEngineIO, !isUpgrade else {
            if isUpgrade { counts.connections.rejected += 1 }
            let answer: HTTPAnswer =
                endpoint.kind.isEngineIO ? .refusal(.badRequest) : .error(426, "upgrade_required")
            return .answer(answer, route: isUpgrade ? nil : endpoint.path)
        }
        switch verdict(on: head, target, isUpgrade: false) {
        case .rejected(let refusal):
            if target["sid"] == nil { noteRefusal(of: arrive(target), status: refusal.status) }
            return .answer(.refusal(refusal), route: endpoint.path)
        case .opens(_, let session):
            let visitor = arrive(target)
            if let refusal = refuse(visitor, session: session) { return .answer(refusal, route: endpoint.path) }
            return .open(endpoint, opening(head, visitor, session))
        case .continues(let sid):
            guard let id = sids[sid] else { return .answer(.refusal(.unknownSID), route: endpoint.path) }
            switch head.method {
            case .GET: return .poll(id, path: endpoint.path)
            case .POST: return .post(id, path: endpoint.path)
            default: return .answer(.empty(500), route: endpoint.path)
            }
        }
    }

    private func opening(_ head: HTTPRequestHead, _ visitor: Visitor, _ session: String?) -> Opening {
        Opening(session: session, headers: CredentialHeaders(head.headers), visitor: visitor)
    }

    private func endpoint(for target: RequestTarget) -> Endpoint? {
        endpoints.first { $0.serves(target) }
    }

    private func verdict(on head: HTTPRequestHead, _ target: RequestTarget, isUpgrade: Bool) -> Handshake.Verdict {
        handshake.verdict(
            method: head.method.rawValue,
            target: target,
            origin: head.headers.first(name: "Origin"),
            isUpgrade: isUpgrade,
            transport: { sid in sids[sid].flatMap { session($0)?.transport } }
        )
    }
}
