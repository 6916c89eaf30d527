import ArgumentParser
import Foundation
import Scenarios

/// The files that `reprise minimize` writes.
struct MinimizeOutput {
    let scenario: String
    let recording: String

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
        recording = "\(stem.dropLast(ending.count)).rec.jsonl"
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
            throw ValidationError("'\(scenario)' cannot be written: \(error.localizedDescription)")
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
