import ArgumentParser
import Foundation
import Metrics

/// The command line's root.
@main
struct Reprise: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reprise",
        abstract: "Load testing for real-time servers: scripted virtual clients over Socket.IO and WebSocket.",
        discussion: """
            A scenario file says what clients do; `reprise run` plays it as thousands of them and says what held and \
            what broke. `reprise check` reads a scenario without running it, `reprise practice` is a server to try \
            scenarios against. Every option can also be given as an environment variable: --clients as REPRISE_CLIENTS.
            """,
        version: Version.current,
        subcommands: [
            RunCommand.self, CheckCommand.self, RecordCommand.self, ReplayCommand.self, ConvertCommand.self,
            MinimizeCommand.self, ReportCommand.self, CompareCommand.self, PracticeCommand.self, SchemaCommand.self,
            InitCommand.self,
        ]
    )

    static func main() async {
        let arguments = DashboardOption.completed(
            EnvironmentOptions.merged(
                arguments: Array(CommandLine.arguments.dropFirst()),
                environment: ProcessInfo.processInfo.environment
            )
        )
        var name: String?
        do {
            var command = try parseAsRoot(arguments)
            name = type(of: command).configuration.commandName
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let error as ValidationError where name != nil {
            // What only running it found out; the root's usage would not help.
            Console.note("Error: \(error.message)\nSee 'reprise \(name ?? "") --help' for more information.")
            exit(withError: ArgumentParser.ExitCode(Metrics.ExitCode.wrongUsage.rawValue))
        } catch {
            exit(withError: error)
        }
    }
}

/// What this build is.
enum Version {
    static let current = "0.1.0"

    /// The compiler, as far as the source can tell.
    static var compiler: String {
        #if compiler(>=6.4)
            "6.4 or newer"
        #elseif compiler(>=6.3)
            "6.3"
        #else
            "6.2"
        #endif
    }
}
