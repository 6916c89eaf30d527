@testable import PracticeServer

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
