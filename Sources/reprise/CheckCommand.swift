import ArgumentParser
import Metrics
import Scenarios

/// `reprise check`
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Reads scenarios, reports every fault with line and column, and prints what would run.",
        discussion: "Nothing is run. Exits with 104 if a scenario is invalid."
    )

    @Argument(help: "The scenario files.")
    var scenarios: [String]

    @OptionGroup var options: ScenarioOptions

    func run() throws {
        var failure: ArgumentParser.ExitCode?
        for path in scenarios {
            do {
                Console.print(try options.read(path).scenario.outline)
            } catch let code as ArgumentParser.ExitCode {
                failure = code
            }
        }
        if let failure { throw failure }
    }
}
