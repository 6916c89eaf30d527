import ArgumentParser
import Foundation
import Scenarios

/// `reprise init`
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Writes a commented scenario to start from.",
        discussion: """
            The scenario goes to standard output, or to the file that -o names, which must not be there yet. It runs as it \
            is, against a practice server.

            \(Start.all.map { "  \($0.name)\n      \($0.summary)" }.joined(separator: "\n"))
            """
    )

    @Argument(help: "The system: \(Start.all.map(\.name).joined(separator: ", ")).")
    var system: String

    @Option(name: .shortAndLong, help: ArgumentHelp("Writes the scenario to this file.", valueName: "file"))
    var output: String?

    func run() throws {
        guard let start = Start.all.first(where: { $0.name == system }) else {
            let names = Start.all.map(\.name)
            let nearest = Spelling.nearest(to: system, in: names).map { "; did you mean '\($0)'?" } ?? "."
            throw ValidationError(
                "There is no scenario for '\(system)' to start from\(nearest) There are: \(names.joined(separator: ", "))."
            )
        }
        guard let output else {
            Console.print(String(start.text.dropLast()))
            return
        }
        do {
            // Never over a file, also not over one that comes in between.
            try Data(start.text.utf8).write(to: URL(filePath: output), options: .withoutOverwriting)
        } catch CocoaError.fileWriteFileExists {
            throw ValidationError("'\(output)' is there already; remove it, or choose another name.")
        } catch {
            throw ValidationError("'\(output)' cannot be written: \(error.localizedDescription)")
        }
        Console.note("wrote \(output); 'reprise check \(output)' says what would run")
    }
}
