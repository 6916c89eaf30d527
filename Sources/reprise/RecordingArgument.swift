import ArgumentParser
import Metrics
import Scenarios

/// The recording that a command line names.
enum RecordingArgument {
    /// Reads a recording or a HAR file, and shows what is doubtful about it.
    ///
    /// - Throws: The exit code for a file that cannot be read.
    static func read(_ path: String, keepsSecrets: Bool) throws -> Recording {
        let colour = Console.usesColour(isTerminal: Console.errorIsTerminal)
        do throws(Diagnostic) {
            let (recording, warnings) = try RecordingSource.read(path: path, keepsSecrets: keepsSecrets)
            for warning in warnings { Console.note(warning.rendered(colour: colour)) }
            return recording
        } catch {
            Console.note(error.rendered(colour: colour))
            throw ArgumentParser.ExitCode(Metrics.ExitCode.scenarioInvalid.rawValue)
        }
    }
}
