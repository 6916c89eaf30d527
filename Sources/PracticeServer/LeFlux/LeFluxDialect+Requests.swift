import NIOCore
import Wire

extension LeFluxDialect {
    /// `POST /api/session/init`, `POST /api/chat` and `GET /health`.
    mutating func respond(
        to request: DialectRequest,
        at now: NIODeadline,
        output: inout DialectOutput
    ) -> DialectResponse {
        switch (request.path, request.method) {
        case ("/health", "GET"):
            return response("GET /health", 200) { $0.member("status", "ok") }
        case ("/api/session/init", "POST"):
            return makeSession(request, at: now)
        case ("/api/chat", "POST"):
            return chat(request, at: now)
        case ("/health", _), ("/api/session/init", _), ("/api/chat", _):
            return failure("other", 405, "method_not_allowed")
        default:
            return failure("other", 404, "not_found")
        }
    }

    private mutating func makeSession(_ request: DialectRequest, at now: NIODeadline) -> DialectResponse {
        let route = "POST /api/session/init"
        guard allows(.sessionInit, request.address, at: now) else { return failure(route, 429, "rate_limited") }
        let id: String
        if rules.isCurrent, let kept = request.body?.string("sessionId") {
            guard isUUID(kept) else { return failure(route, 400, "invalid_session") }
            id = kept
        } else {
            var random = SplitMix64(seed, 3, sessionsMade)
            sessionsMade += 1
            id = random.uuid()
        }
        _ = place(of: id, at: now)
        return response(route, 200) { $0.member("sessionId", string: id) }
    }

    private mutating func chat(_ request: DialectRequest, at now: NIODeadline) -> DialectResponse {
        let route = "POST /api/chat"
        guard allows(.chat, request.address, at: now) else { return failure(route, 429, "rate_limited") }
        guard let body = request.body, body.isObject else { return failure(route, 400, "invalid_json") }
        guard let id = body.string("sessionId"), let message = body.string("message"), !message.isEmpty else {
            return failure(route, 400, "missing_field")
        }
        guard message.utf16.count <= Self.messageLimit else { return failure(route, 400, "message_too_long") }
        if let context = body.kind("context"), context != .object, context != .null {
            return failure(route, 400, "invalid_context")
        }
        guard let place = places[id], let script = ask(message, of: place, at: now) else {
            return failure(route, 404, "session_not_found")
        }
        return response(route, 200) {
            $0.member("messageId", string: script.messageID)
            $0.member("status", "processing")
        }
    }

    private mutating func allows(_ kind: RequestRates.Kind, _ address: String, at now: NIODeadline) -> Bool {
        !faults.limitsRates || rates.admits(kind, from: address, at: now)
    }

    private func failure(_ route: String, _ status: Int, _ error: StaticString) -> DialectResponse {
        response(route, status) { $0.member("error", error) }
    }

    private func response(_ route: String, _ status: Int, _ write: (inout EventWriter) -> Void) -> DialectResponse {
        var body = EventWriter(objectWithCapacity: 128)
        write(&body)
        return DialectResponse(route: route, status: status, body: body.finishObject())
    }
}
