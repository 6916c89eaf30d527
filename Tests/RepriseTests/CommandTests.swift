import ArgumentParser
import LoadRunner
import Testing

@testable import reprise

@Suite("What the command line takes")
struct CommandTests {
    @Test(
        "durations as in a scenario",
        arguments: [("500ms", 0.5), ("1.5s", 1.5), ("2m", 120), ("1h", 3600)] as [(String, Double)]
    )
    func duration(text: String, seconds: Double) throws {
        let duration = try #require(DurationArgument(argument: text)).duration
        #expect(duration == .seconds(seconds))
    }

    @Test("what is no duration is refused", arguments: ["", "5", "-1s", "0s", "s", "1d", "nans", "infs", "1e9h"])
    func noDuration(text: String) {
        #expect(DurationArgument(argument: text) == nil)
    }

    @Test(
        "values out of range are wrong usage",
        arguments: [["--clients", "0"], ["--threads", "0"], ["--threads", "1000"], ["--generator", "maybe"]]
    )
    func range(arguments: [String]) {
        #expect(throws: (any Error).self) { try RunCommand.parse(["a.yaml"] + arguments) }
    }

    @Test("a run takes several scenarios and all of its options")
    func run() throws {
        let command = try RunCommand.parse([
            "a.yaml", "b.yaml", "--target", "practice:leflux", "--clients", "5", "--duration", "10s", "--seed", "1",
            "--out", "dir", "--threads", "2", "--generator", "warn", "--quiet", "--json", "--trace", "--verbose",
            "--source-ips", "127.0.0.2,127.0.0.4-127.0.0.7",
        ])
        #expect(command.scenarios == ["a.yaml", "b.yaml"])
        #expect(command.scenarioOptions.clients == 5)
        #expect(command.options.generator == .warn)
        #expect(
            command.options.sourceAddresses == (try SourceAddresses(parsing: "127.0.0.2,127.0.0.4,127.0.0.5-127.0.0.7"))
        )
    }

    @Test("source addresses that are none are wrong usage, which says what is wrong with them")
    func sourceAddresses() {
        let error = #expect(throws: (any Error).self) { try RunCommand.parse(["a.yaml", "--source-ips", "10.0.0.x"]) }
        #expect(error.map { RunCommand.exitCode(for: $0).rawValue } == 64)
        #expect(error.map { RunCommand.message(for: $0) }?.contains("\"10.0.0.x\" is no IP address") == true)
    }

    @Test("no scenario is wrong usage, with 64")
    func none() {
        let error = #expect(throws: (any Error).self) { try RunCommand.parse([]) }
        #expect(error.map { RunCommand.exitCode(for: $0).rawValue } == 64)
    }
}
