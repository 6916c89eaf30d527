import NIOCore
import Wire

// The calls over HTTP that a flow needs: what was said, and deleting it.
//
// Source: docs.elizaos.ai, REST reference, "Messaging".
extension ElizaOSDialect {
    mutating func respond(
        to request: DialectRequest,
        at now: NIODeadline,
        output: inout DialectOutput
    ) -> DialectResponse {
        if request.path == "/health" { return health(request) }
        let parts = request.path.split(separator: "/").map(String.init)
        guard parts.count >= 4, parts[0] == "api", parts[1] == "messaging", Self.collections(rules).contains(parts[2])
        else { return failure("other", 404, "not_found") }
        let route = "/api/messaging/\(parts[2])/:channelId"
        if faults.asksCredentials ?? rules.isCurrent, request.headers["x-api-key"] != ElizaOSCredentials.apiKey {
            return failure("other", 401, "Unauthorized: Invalid or missing X-API-KEY")
        }
        guard isUUID(parts[3]) else { return failure("other", 400, "Invalid channelId") }
        let place = places[parts[3]]
        switch (request.method, parts.count, parts.count > 4 ? parts[4] : "") {
        case ("GET", 5, "messages"):
            return messages(place, "GET \(route)/messages")
        case ("DELETE", 4, _):
            return deleteChannel(place, "DELETE \(route)", at: now, output: &output)
        case ("DELETE", 5, "messages"):
            return clear(place, "DELETE \(route)/messages", at: now, output: &output)
        case ("DELETE", 6, "messages") where parts[5] == "all" && rules.isCurrent:
            return clear(place, "DELETE \(route)/messages/all", at: now, output: &output)
        case ("DELETE", 6, "messages"):
            return delete(parts[5], place, "DELETE \(route)/messages/:messageId", at: now, output: &output)
        default:
            return failure("other", 404, "not_found")
        }
    }

    /// The current server has a new name for channels and keeps the old one.
    private static func collections(_ rules: ElizaOSRules) -> [String] {
        rules.isCurrent ? ["central-channels", "channels"] : ["central-channels"]
    }

    private func messages(_ place: Int?, _ route: String) -> DialectResponse {
        guard let place, let channel = channels[place] else { return failure(route, 404, "Channel not found") }
        var body = EventWriter(objectWithCapacity: 256)
        body.member("success", true)
        body.beginObject("data")
        body.beginArray("messages")
        for message in channel.history.reversed() {
            body.beginObject()
            body.member("id", string: message.id)
            body.member("channelId", string: channel.id)
            body.member("authorId", string: message.senderID)
            body.member("content", rendered: message.text)
            body.member("createdAt", Int(message.createdAt))
            body.endObject()
        }
        body.endArray()
        body.endObject()
        return DialectResponse(route: route, status: 200, body: body.finishObject())
    }

    private mutating func delete(
        _ message: String,
        _ place: Int?,
        _ route: String,
        at now: NIODeadline,
        output: inout DialectOutput
    ) -> DialectResponse {
        guard isUUID(message) else { return failure(route, 400, "Invalid channelId or messageId") }
        guard let place, channels[place]?.forget(message) == true, let channel = channels[place] else {
            return failure(route, 404, "Message not found")
        }
        let event = ElizaOSEvent.messageDeleted.message {
            $0.member("messageId", string: message)
            $0.member("channelId", string: channel.id)
            $0.member("roomId", string: channel.id)
        }
        output.send(.messageDeleted, to: channel.members, event)
        record(.info, "Message \(message) deleted", channel: channel.id, at: now, output: &output)
        return success(route)
    }

    private mutating func clear(
        _ place: Int?,
        _ route: String,
        at now: NIODeadline,
        output: inout DialectOutput
    ) -> DialectResponse {
        guard let place, let deleted = channels[place]?.clear(), let channel = channels[place] else {
            return failure(route, 404, "Channel not found")
        }
        notify(.channelCleared, channel, output: &output)
        record(.info, "Channel \(channel.id) cleared", channel: channel.id, at: now, output: &output)
        return success(route) { $0.member("deleted", deleted) }
    }

    private mutating func deleteChannel(
        _ place: Int?,
        _ route: String,
        at now: NIODeadline,
        output: inout DialectOutput
    ) -> DialectResponse {
        guard let place, let channel = channels[place] else { return failure(route, 404, "Channel not found") }
        notify(.channelDeleted, channel, output: &output)
        record(.info, "Channel \(channel.id) deleted", channel: channel.id, at: now, output: &output)
        forget(place)
        return success(route)
    }

    private func notify(_ event: ElizaOSEvent, _ channel: ElizaOSChannel, output: inout DialectOutput) {
        let message = event.message {
            $0.member("channelId", string: channel.id)
            $0.member("roomId", string: channel.id)
        }
        output.send(event, to: channel.members, message)
    }

    private func success(_ route: String, _ write: (inout EventWriter) -> Void = { _ in }) -> DialectResponse {
        var body = EventWriter(objectWithCapacity: 64)
        body.member("success", true)
        write(&body)
        return DialectResponse(route: route, status: 200, body: body.finishObject())
    }

    private func health(_ request: DialectRequest) -> DialectResponse {
        guard request.method == "GET" else { return failure("other", 405, "method_not_allowed") }
        var body = EventWriter(objectWithCapacity: 64)
        body.member("status", "ok")
        return DialectResponse(route: "GET /health", status: 200, body: body.finishObject())
    }

    private func failure(_ route: String, _ status: Int, _ error: StaticString) -> DialectResponse {
        var body = EventWriter(objectWithCapacity: 64)
        body.member("success", false)
        body.member("error", error)
        return DialectResponse(route: route, status: status, body: body.finishObject())
    }
}
