import ArgumentParser
import Testing

@testable import reprise

@Suite("Options from the environment")
struct EnvironmentOptionsTests {
    @Test(
        "every option of a command is known, and none that it has not",
        arguments: [
            ("run", RunCommand.helpMessage()), ("check", CheckCommand.helpMessage()),
            ("practice", PracticeCommand.helpMessage()), ("init", InitCommand.helpMessage()),
            ("schema", SchemaCommand.helpMessage()), ("record", RecordCommand.helpMessage()),
            ("compare", CompareCommand.helpMessage()),
        ]
    )
    func complete(command: String, help: String) {
        let words = help.split { !($0.isLetter || $0.isNumber || $0 == "-") }
        let named = Set(words.filter { $0.hasPrefix("--") }.map { String($0.dropFirst(2)) })
        let known = Set((EnvironmentOptions.options[command] ?? []).map(\.name))
        // Each known one stands in the help; what stands there besides is prose, or every command's own.
        #expect(known.isSubset(of: named), "\(known.subtracting(named))")
        #expect(named.subtracting(known).isSubset(of: ["help", "version", "json"]), "\(named.subtracting(known))")
    }

    @Test("what only the environment gives is added, flags by a word for yes")
    func added() {
        let environment = ["REPRISE_CLIENTS": "7", "REPRISE_QUIET": "true", "REPRISE_JSON": "no", "REPRISE_OUT": ""]
        let merged = EnvironmentOptions.merged(arguments: ["run", "a.yaml"], environment: environment)
        #expect(merged == ["run", "a.yaml", "--clients=7", "--quiet"])
    }

    @Test("the command line wins", arguments: [["--clients", "3"], ["--clients=3"]])
    func wins(given: [String]) {
        let arguments = ["run", "a.yaml"] + given
        let merged = EnvironmentOptions.merged(arguments: arguments, environment: ["REPRISE_CLIENTS": "7"])
        #expect(merged == arguments)
    }

    @Test("what follows `--` stays behind it, and other commands get nothing")
    func terminator() {
        let environment = ["REPRISE_SEED": "5", "REPRISE_PORT": "99"]
        let merged = EnvironmentOptions.merged(arguments: ["run", "--", "--odd.yaml"], environment: environment)
        #expect(merged == ["run", "--seed=5", "--", "--odd.yaml"])
        #expect(EnvironmentOptions.merged(arguments: ["--version"], environment: environment) == ["--version"])
    }

    @Test("an option that is given by its letter is given")
    func letter() {
        let merged = EnvironmentOptions.merged(
            arguments: ["record", "-o", "a.rec.jsonl"],
            environment: ["REPRISE_OUTPUT": "b.rec.jsonl"]
        )
        #expect(merged == ["record", "-o", "a.rec.jsonl"])
    }

    @Test(
        "what goes with an address is left out of runs that have none",
        arguments: [
            ("otlp", ["REPRISE_OTLP_HEADER": "no header", "REPRISE_OTLP_CA": "ca.pem"]),
            ("scrape", ["REPRISE_SCRAPE_ONLY": "http_", "REPRISE_SCRAPE_CA": "ca.pem"]),
        ]
    )
    func companions(option: String, environment: [String: String]) throws {
        let alone = EnvironmentOptions.merged(arguments: ["run", "a.yaml"], environment: environment)
        #expect(alone == ["run", "a.yaml"])
        #expect(throws: Never.self) { try SideOptions.parse(Array(alone.dropFirst(2))) }
        let url = "http://h"
        let given = EnvironmentOptions.merged(arguments: ["run", "--\(option)", url], environment: environment)
        #expect(Set(given.dropFirst(3)) == Set(environment.map { "\(word($0))=\($1)" }))
        let variable = EnvironmentOptions.merged(
            arguments: ["run"],
            environment: environment.merging(["REPRISE_\(option.uppercased())": url]) { $1 }
        )
        #expect(Set(variable.dropFirst()) == Set(given.dropFirst(3)).union(["--\(option)=\(url)"]))
    }

    private func word(_ variable: String) -> String {
        "--" + variable.dropFirst("REPRISE_".count).lowercased().replacing("_", with: "-")
    }
}
