import Testing

@testable import Scenarios

@Suite("Conversions of whole recordings")
struct GoldenConversionTests {
    @Test(
        "Recorded sessions become the scenarios in the fixtures, which read without a warning",
        arguments: ["leflux", "praxis", "flock"]
    )
    func golden(name: String) throws {
        let recording = try fixture("\(name).rec.jsonl")
        let result = try #require(Converter.convert(recording, source: "\(name).rec.jsonl"))
        try expectGolden(result.scenario, "recordings/\(name).yaml")
        #expect(Converter.convert(recording, source: "\(name).rec.jsonl") == result)
        let environment = Dictionary(uniqueKeysWithValues: result.environment.map { ($0, "x") })
        let scenario = try read(result.scenario, environment: environment)
        #expect(scenario.warnings.isEmpty)
        #expect(result.environment == (name == "praxis" ? ["TOKEN"] : []))
    }

    @Test("Another target takes the place of the recording's")
    func target() throws {
        let result = try #require(
            Converter.convert(try fixture("flock.rec.jsonl"), source: "a", target: "practice:flock")
        )
        #expect(result.scenario.contains("  url: practice:flock\n"))
    }

    @Test("A recording without a connection is none to convert")
    func empty() {
        #expect(Converter.convert(Recording(header: RecordingHeader(target: "ws://a")), source: "a") == nil)
    }
}
