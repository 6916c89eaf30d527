/// How an Engine.IO session is carried; the raw value is the name in the query string.
package enum EngineTransport: String, Hashable, Sendable, CaseIterable {
    case polling
    case webSocket = "websocket"
}
