@testable import PracticeServer

/// Looks at what a server counts until it has counted this; a test's time limit ends it where that never comes.
func untilCounted(_ server: PracticeServer, _ isCounted: (Truth) -> Bool) async throws {
    // The pause only leaves the processor to the server.
    while await !isCounted(server.truth()) { try await Task.sleep(for: .milliseconds(2)) }
}

/// Runs a server on a free port for the time of a test; returns the truth at its end.
@discardableResult
func withServer(
    _ faults: [Fault] = [],
    configure: (inout PracticeServer.Configuration) -> Void = { _ in },
    _ body: (PracticeServer) async throws -> Void
) async throws -> Truth {
    var configuration = PracticeServer.Configuration(system: "leflux", port: 0, seed: 7, faults: faults)
    configure(&configuration)
    let server = try await PracticeServer.start(configuration)
    do {
        try await body(server)
    } catch {
        try? await server.stop()
        throw error
    }
    try await server.stop()
    return await server.truth()
}
