import Foundation
import NIOCore
import PracticeServer
import Testing

@testable import LoadRunner
@testable import Scenarios

/// Recorded, converted, run and recorded again, the same is said in the same order, and converts to the same flow.
///
/// What is compared is what client and server said without the framing of the protocol: direction, event, and the shape of
/// the payload (names of members and types of values). `Spoken` says what is allowed to differ.
@Suite("Converted recordings that are recorded again", .serialized, .timeLimit(.minutes(4)))
struct RoundTripEndToEndTests {
    private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "ScenariosTests/Fixtures")

    @Test(
        "A session of a browser, as Chromium, Playwright and mitmproxy write it",
        arguments: try FileManager.default.contentsOfDirectory(atPath: fixtures.appending(path: "har").path)
            .filter { $0.hasSuffix(".har") }.sorted()
    )
    func browsers(name: String) async throws {
        let (recording, _) = try RecordingSource.read(path: Self.fixtures.appending(path: "har/\(name)").path)
        let system = ["leflux", "praxis"].first { name.contains($0) } ?? "echo"
        try await roundTrip(recording, system: system, draws: system == "leflux")
    }

    @Test("A session that was recorded", arguments: SpokenSessions.all)
    func sessions(session: SpokenSessions) async throws {
        let first = try await ProxiedRun.record(session.scenario, system: session.system)
        try await roundTrip(first, system: session.system)
    }

    /// Converts a recording, runs the scenario through the proxy, and compares the two recordings.
    ///
    /// - Parameter draws: Whether the server draws its answers anew for each session.
    private func roundTrip(_ first: Recording, system: String, draws: Bool = false) async throws {
        let result = try #require(Converter.convert(first, source: "session.rec.jsonl", target: ProxiedRun.target))
        let second = try await ProxiedRun.record(result.scenario, files: result.files, system: system)
        var before = Spoken.lines(of: first, withoutNews: result.scenario)
        var after = Spoken.lines(of: second, withoutNews: result.scenario)
        if draws { (before, after) = (Spoken.drawn(before), Spoken.drawn(after)) }
        #expect(before.count >= 4)
        #expect(after == before, "\(Spoken.difference(before, after))\n\(result.scenario)")
        if draws { return }
        let again = try #require(Converter.convert(second, source: "session.rec.jsonl", target: ProxiedRun.target))
        #expect(Spoken.flow(of: again) == Spoken.flow(of: result))
        #expect(again.files == result.files)
    }
}
