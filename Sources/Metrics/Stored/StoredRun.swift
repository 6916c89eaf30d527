import Foundation

/// The results of a run as they stand in its folder.
package struct StoredRun: Sendable {
    package let directory: String
    package let run: RunFile
    /// Nil where the run did not come to its end: it was killed, or goes on still.
    package private(set) var summary: SummaryFile?
    package let timeline: StoredTimeline

    /// - Throws: `StoredRunError` where the folder holds no results that can be read.
    package init(directory: String) throws(StoredRunError) {
        self.directory = directory
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: directory, isDirectory: &isDirectory), isDirectory.boolValue else {
            throw StoredRunError("\(directory) is no folder; name one that `reprise run` wrote")
        }
        guard FileManager.default.fileExists(atPath: directory + "/run.json") else {
            throw StoredRunError("\(directory) has no run.json; name a folder that `reprise run` wrote")
        }
        run = try Self.run(in: directory)
        let summaryPath = directory + "/summary.json"
        summary =
            FileManager.default.fileExists(atPath: summaryPath)
            ? try Self.decode(SummaryFile.self, "summary.json", in: directory, schema: SummaryFile.schema) : nil
        do {
            timeline = try StoredTimeline(path: directory + "/timeline.csv")
        } catch {
            throw StoredRunError("\(directory)/timeline.csv cannot be read", cause: error)
        }
    }

    /// The same with another summary.
    func with(_ summary: SummaryFile) -> StoredRun {
        var stored = self
        stored.summary = summary
        return stored
    }

    /// run.json alone, which is there from the start of a run.
    static func run(in directory: String) throws(StoredRunError) -> RunFile {
        try decode(RunFile.self, "run.json", in: directory, schema: RunFile.schema)
    }

    private static func decode<Value: Decodable>(
        _ type: Value.Type,
        _ name: String,
        in directory: String,
        schema: Int
    ) throws(StoredRunError) -> Value {
        let path = "\(directory)/\(name)"
        do {
            let data = try Data(contentsOf: URL(filePath: path))
            let version = try JSONDecoder().decode(Schema.self, from: data).schema
            guard version == schema else {
                throw StoredRunError(
                    "\(path) was written by another version of Reprise: its schema is \(version), this one reads \(schema)"
                )
            }
            return try JSONDecoder().decode(type, from: data)
        } catch let error as StoredRunError {
            throw error
        } catch let error as DecodingError {
            throw StoredRunError("\(path) is not as this version of Reprise writes it", cause: error)
        } catch {
            throw StoredRunError("\(path) cannot be read: \(error.localizedDescription)", cause: error)
        }
    }
}

private struct Schema: Decodable {
    let schema: Int
}
