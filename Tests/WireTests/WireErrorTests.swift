import Testing

@testable import Wire

@Suite("Wire errors")
struct WireErrorTests {
    @Test("kinds are the words of the metrics")
    func kinds() {
        let kinds: [(WireError.Kind, String)] = [
            (.protocolViolation, "protocol"), (.tooLarge, "too_large"), (.closed(1006), "closed.1006"),
            (.upgrade(403), "upgrade.403"), (.connectError, "connect_error"),
            (.serverDisconnect, "server_disconnect"),
        ]
        for (kind, name) in kinds {
            #expect(WireError(kind, "Why.").kind == name)
            #expect(WireError(kind, "Why.").description == "\(name): Why.")
        }
    }
}
