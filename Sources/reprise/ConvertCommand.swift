import ArgumentParser
import Foundation
import Metrics
import NIOCore
import Scenarios

/// `reprise convert`
struct ConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Makes a scenario to edit, from a recording or a HAR file.",
        discussion: """
            Reads a recording of `reprise record`, or a HAR file with WebSocket messages as Chrome, Playwright and \
            mitmproxy write it. Values that the server said first and the client sent again become captures, ids of the \
            client's own become variables, chunked replies become streams and action plans loops; comments say what \
            became what. The scenario goes to standard output, or to the file that -o names; warnings go to standard \
            error. Secrets that were redacted become variables of the environment. Exits with 104 if the file cannot \
            be read.
            """
    )

    @Argument(help: "The recording, or the HAR file.")
    var recording: String

    @Option(name: .shortAndLong, help: ArgumentHelp("Writes the scenario to this file.", valueName: "file"))
    var output: String?

    @Option(help: ArgumentHelp("Writes this URL in place of the recording's.", valueName: "url"))
    var target: String?

    @Flag(help: "Writes over a file that is there already.")
    var force = false

    @Flag(help: "Leaves the secrets of a HAR file as they are; a recording's were redacted when it was made.")
    var keepSecrets = false

    func validate() throws {
        // A scenario may read its URL from the environment.
        if let target, !target.contains("${"), let problem = ScenarioReader.problem(ofTarget: target) {
            throw ValidationError("--target: \(problem).")
        }
    }

    func run() throws {
        let source = try RecordingArgument.read(recording, keepsSecrets: keepSecrets)
        guard let result = Converter.convert(source, source: URL(filePath: recording).lastPathComponent, target: target)
        else {
            Console.note("\(recording): there is no connection in it; nothing was written")
            throw ArgumentParser.ExitCode(Metrics.ExitCode.scenarioInvalid.rawValue)
        }
        for warning in result.warnings { Console.note("\(recording): warning: \(warning)") }
        try write(result)
    }

    private func write(_ result: Converter.Result) throws {
        let scenario = result.scenario
        guard let output else {
            Console.print(String(scenario.dropLast()))
            if let first = result.files.first {
                let sentence = "what the client sent in binary (\(first.name) …) is written only with -o"
                Console.note("\(recording): warning: \(sentence), beside the scenario")
            }
            return
        }
        if SameFile.areSame(output, recording) {
            throw ValidationError("'\(output)' is what is read; choose another name with -o.")
        }
        do {
            // Without --force never over a file, also not over one that comes in between.
            try Data(scenario.utf8).write(to: URL(filePath: output), options: force ? .atomic : .withoutOverwriting)
        } catch CocoaError.fileWriteFileExists {
            throw ValidationError("'\(output)' is there already; choose another name, or write over it with --force.")
        } catch {
            throw ValidationError("'\(output)' cannot be written: \(error.localizedDescription)")
        }
        try write(result.files, beside: output)
        Console.note("wrote \(output); 'reprise check \(output)' says what would run")
    }

    private func write(_ files: [Converter.File], beside output: String) throws {
        let folder = URL(filePath: output).deletingLastPathComponent()
        for file in files {
            let path = folder.appending(path: file.name)
            do {
                let options: Data.WritingOptions = force ? .atomic : .withoutOverwriting
                try FileManager.default.createDirectory(
                    at: path.deletingLastPathComponent(),
                    withIntermediateDirectories: true
                )
                try Data(file.bytes).write(to: path, options: options)
            } catch CocoaError.fileWriteFileExists {
                throw ValidationError("'\(path.relativePath)' is there already; write over it with --force.")
            } catch {
                throw ValidationError("'\(path.relativePath)' cannot be written: \(error.localizedDescription)")
            }
        }
        if !files.isEmpty {
            Console.note("wrote \(files.count == 1 ? "1 file" : "\(files.count) files") beside it, for 'binary:'")
        }
    }
}
