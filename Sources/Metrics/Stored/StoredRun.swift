import Foundation

/// The results of a run as they stand in its folder.
package struct StoredRun: Sendable {
    package let directory: String
    package let run: RunFile
    /// Nil where the run did not come to its end, being killed or going on still, or where its summary is damaged.
    package private(set) var summary: SummaryFile?
    /// Empty where there is a summary and the file cannot be read.
    package let timeline: StoredTimeline
    /// What is damaged or missing, as sentences without a full stop: it can be done without, but whoever reads the figures has
    /// to know.
    package let problems: [String]
    /// Whether there is a summary that cannot be read.
    let hasDamagedSummary: Bool

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
        var problems: [String] = []
        (summary, hasDamagedSummary) = try Self.summary(in: directory, &problems)
        timeline = try Self.timeline(in: directory, isNeeded: summary == nil, &problems)
        self.problems = problems
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

    /// `1 row`, `1,234 rows`.
    static func damage(_ count: Int, _ noun: String, of path: String) -> String {
        "\(ReportText.plural(count, noun)) of \(path) cannot be read and \(count == 1 ? "was" : "were") left out"
    }

    /// A summary that is damaged can be made again of the other files; one of another version is not ours to judge.
    private static func summary(
        in directory: String,
        _ problems: inout [String]
    ) throws(StoredRunError) -> (value: SummaryFile?, isDamaged: Bool) {
        guard FileManager.default.fileExists(atPath: directory + "/summary.json") else { return (nil, false) }
        do throws(StoredRunError) {
            return (try decode(SummaryFile.self, "summary.json", in: directory, schema: SummaryFile.schema), false)
        } catch {
            guard error.cause is DecodingError else { throw error }
            problems.append(error.message)
            return (nil, true)
        }
    }

    private static func timeline(
        in directory: String,
        isNeeded: Bool,
        _ problems: inout [String]
    ) throws(StoredRunError) -> StoredTimeline {
        let path = directory + "/timeline.csv"
        do {
            let timeline = try StoredTimeline(path: path)
            if timeline.damagedRows > 0 { problems.append(damage(timeline.damagedRows, "row", of: path)) }
            return timeline
        } catch {
            let reason = "\(path) cannot be read: \(error.localizedDescription)"
            guard isNeeded else {
                problems.append("\(reason); there are no timelines in report.html")
                return StoredTimeline(bytes: [])
            }
            throw StoredRunError(
                "\(reason); without it and without summary.json there is nothing to make reports of: run it again",
                cause: error
            )
        }
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
                    "\(path) was written by another version of Reprise: its schema is \(version), this one reads \(schema); "
                        + "use that version"
                )
            }
            return try JSONDecoder().decode(type, from: data)
        } catch let error as StoredRunError {
            throw error
        } catch let error as DecodingError {
            throw StoredRunError("\(path) is damaged: it is not as this version of Reprise writes it", cause: error)
        } catch {
            throw StoredRunError("\(path) cannot be read: \(error.localizedDescription)", cause: error)
        }
    }
}

private struct Schema: Decodable {
    let schema: Int
}
