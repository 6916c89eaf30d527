import ArgumentParser
import Foundation
import Metrics
import Scenarios

/// The files that `reprise minimize` writes.
struct MinimizeOutput {
    let scenario: String
    let recording: String
    private let source: String

    init(source: String, output: String?) {
        if let output {
            scenario = output
        } else {
            let folder = source.lastIndex(of: "/").map { String(source[...$0]) } ?? ""
            let name = source.dropFirst(folder.count).prefix { $0 != "." }
            scenario = "\(folder)\(name.isEmpty ? "recording" : name).min.yaml"
        }
        let endings = [".yaml", ".yml"]
        let stem = scenario
        let ending = endings.first { stem.hasSuffix($0) } ?? ""
        let beside = "\(stem.dropLast(ending.count)).rec.jsonl"
        let isSource = SameFile.areSame(beside, source)
        recording = isSource ? "\(stem.dropLast(ending.count)).min.rec.jsonl" : beside
        self.source = source
    }

    /// - Throws: Where a file that is to be written is the one that is read.
    func refuseSource() throws {
        for path in [scenario, recording] where SameFile.areSame(path, source) {
            throw ValidationError("'\(path)' is what is read; choose another name with -o.")
        }
    }

    /// Finds before anything is tried that the files cannot be written.
    ///
    /// - Throws: The exit code for wrong usage, after a sentence.
    func refuseFolder() throws {
        let folder = URL(filePath: scenario).deletingLastPathComponent().path(percentEncoded: false)
        var isFolder: ObjCBool = false
        let isThere = FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder)
        if !isThere || !isFolder.boolValue {
            throw Self.failure("'\(scenario)' cannot be written: its folder is not there")
        }
        guard access(folder, W_OK | X_OK) == 0 else {
            throw Self.failure("'\(scenario)' cannot be written: \(String(cString: strerror(errno)))")
        }
        for path in [scenario, recording] {
            if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
                throw Self.failure("'\(path)' cannot be written: it is a folder")
            }
        }
    }

    /// Says what is wrong.
    ///
    /// - Returns: The exit code for wrong usage, of a command line that has no fault in its grammar.
    static func failure(_ sentence: String) -> ArgumentParser.ExitCode {
        Console.note("error: \(sentence)")
        return ArgumentParser.ExitCode(Metrics.ExitCode.wrongUsage.rawValue)
    }

    /// - Throws: Where a file is there already.
    func refuseToReplace() throws {
        for path in [scenario, recording] where FileManager.default.fileExists(atPath: path) {
            throw ValidationError(
                "'\(path)' is there already; choose another name with -o, or write over it with --force."
            )
        }
    }

    func write(_ tree: ScenarioTree) throws {
        do {
            try Data(tree.text.utf8).write(to: URL(filePath: scenario), options: .atomic)
        } catch {
            // What took minutes to find is not lost.
            Console.print(tree.text)
            throw Self.failure("'\(scenario)' cannot be written: \(error.localizedDescription)")
        }
    }

    /// A path as a shell takes it for one word.
    static func quoted(_ path: String) -> String {
        let isPlain = path.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII
                && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                    || "/._-+@:".unicodeScalars.contains(scalar))
        }
        return isPlain ? path : "'\(path.replacing("'", with: "'\\''"))'"
    }
}
