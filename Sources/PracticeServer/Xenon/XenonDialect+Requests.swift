import NIOCore

// How a dashboard logs in.
extension XenonDialect {
    mutating func respond(
        to request: DialectRequest,
        at now: NIODeadline,
        output: inout DialectOutput
    ) -> DialectResponse {
        let route = "\(request.method) \(request.path)"
        switch route {
        case "GET /health":
            return answer(route, 200) { $0.member("status", "ok") }
        case "POST /xenon/api/auth/dashboard-session" where !Generation.isCurrent:
            guard let key = request.headers["x-xenon-api-key"] ?? request.body?.string("apiKey"), !key.isEmpty else {
                return answer(route, 401) { $0.member("error", "missing API key") }
            }
            guard key == XenonCredentials.apiKey else {
                return answer(route, 401) { $0.member("error", "invalid or revoked API key") }
            }
            return session(route)
        case "POST /xenon/api/auth/login" where Generation.isCurrent:
            guard request.body?.string("email") == XenonCredentials.email,
                request.body?.string("password") == XenonCredentials.password
            else { return answer(route, 401) { $0.member("error", "invalid email or password") } }
            return session(route)
        case "POST /xenon/api/auth/token" where Generation.isCurrent:
            return token(request, route)
        default:
            return answer("other", 404) { $0.member("error", "not_found") }
        }
    }

    /// Logs a dashboard in: sets the cookie.
    private mutating func session(_ route: String) -> DialectResponse {
        let id = tokens.issue(.session)
        var response = answer(route, 200) { $0.member("success", true) }
        let attributes = "Path=/; HttpOnly; SameSite=Strict; Max-Age=86400"
        response.headers = [("Set-Cookie", "\(XenonCredentials.cookie)=\(id); \(attributes)")]
        return response
    }

    /// Gives out a bearer token for the stream.
    private mutating func token(_ request: DialectRequest, _ route: String) -> DialectResponse {
        guard request.headers["x-xenon-access-key"] == XenonCredentials.accessKey,
            request.headers["x-xenon-token"] == XenonCredentials.token
        else { return answer(route, 401) { $0.member("error", "unauthorized") } }
        guard request.body?.string("audience") == "xenon-rest" else {
            return answer(route, 400) { $0.member("error", "unknown audience") }
        }
        let token = tokens.issue(.bearer)
        return answer(route, 200) {
            $0.member("token", string: token)
            $0.member("expiresIn", 3600)
        }
    }

    private func answer(_ route: String, _ status: Int, _ write: (inout EventWriter) -> Void) -> DialectResponse {
        var body = EventWriter(objectWithCapacity: 128)
        write(&body)
        return DialectResponse(route: route, status: status, body: body.finishObject())
    }
}
