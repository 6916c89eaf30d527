import Foundation
import Testing

@testable import Metrics

@Suite("Result folder")
struct ResultFolderTests {
    private let directory = NSTemporaryDirectory() + "metrics-\(UUID().uuidString)/results"

    private func read(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: "\(directory)/\(name)")), as: UTF8.self)
    }

    @Test("every file is as documented, and no secret is in any", arguments: [["visitor", "dashboard"], ["visitor"]])
    func files(groups: [String]) throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let checks = ["join.p90 < 1s", "stream.missing == 0", "plan.runaway < 9"].map { text in
            try? Check.parse(text, names: CheckNames(measures: ["join"]))
        }
        let run = SampleRun(groups: groups, checks: checks.compactMap { $0 })
        let folder = try ResultFolder(
            directory: directory,
            table: run.table,
            redactor: Redactor(secrets: [SampleRun.secret])
        )
        folder.writeRun(run.file())
        for second in run.seconds { folder.append(second) }
        for loop in SampleRun.loops { folder.append(loop) }
        folder.finish(run.summary)
        #expect(folder.problems.isEmpty)
        let names = [
            "run.json", "summary.json", "latency.csv", "counters.csv", "errors.csv", "junit.xml", "report.html",
            "timeline.csv", "loops.csv", "latency.hlog",
        ]
        #expect(folder.paths == names.map { "\(directory)/\($0)" })
        for name in names {
            let text = try read(name)
            #expect(!text.contains(SampleRun.secret), "\(name)")
            // How zlib packs the histograms is its own business, and the page has tests of its own.
            if ["latency.hlog", "report.html"].contains(name) { continue }
            Golden.expect(text, equals: "\(groups.count)-\(name)")
        }
    }

    @Test("the headers are those of the contract")
    func headers() {
        #expect(
            LatencyFile.header
                == "scenario,group,metric,unit,count,min,mean,stddev,p50,p75,p90,p95,p99,p99.9,p99.99,max\r\n"
        )
        #expect(TimelineFile.header == "second,epoch_ms,phase,group,metric,count,rate,p50,p95,p99,max\r\n")
        #expect(CountersFile.header == "group,counter,count,rate\r\n")
        #expect(LoopsFile.header == "client,task,plans,outcome,cycle,repeats,seconds\r\n")
        #expect(ErrorsFile.header == "group,kind,count,first_second,example\r\n")
    }

    @Test("a run that ends anywhere leaves whole lines")
    func interrupted() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let run = SampleRun()
        let folder = try ResultFolder(directory: directory, table: run.table, redactor: Redactor())
        #expect(try read("timeline.csv") == TimelineFile.header)
        #expect(try read("loops.csv") == LoopsFile.header)
        folder.append(run.seconds[0])
        folder.append(SampleRun.loops[0])
        folder.flush()
        let timeline = try read("timeline.csv")
        #expect(timeline.hasSuffix("\r\n"))
        let columns = TimelineFile.header.split(separator: ",").count
        let lines = timeline.components(separatedBy: "\r\n").dropLast()
        #expect(lines.count > 5)
        #expect(lines.allSatisfy { Self.cells($0) == columns })
        #expect(try read("loops.csv").components(separatedBy: "\r\n").count == 3)
        let log = try HistogramLog(path: "\(directory)/latency.hlog")
        #expect(log.intervals.count { $0.metric == "join" } == 1)
        #expect(!log.isTorn)
    }

    @Test("what an earlier run left in the folder does not stay beside what is measured now")
    func earlier() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let run = SampleRun()
        let first = try ResultFolder(directory: directory, table: run.table, redactor: Redactor())
        first.writeRun(run.file())
        for second in run.seconds { first.append(second) }
        first.finish(run.summary)
        _ = try ResultFolder(directory: directory, table: run.table, redactor: Redactor())
        let names = try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
        #expect(names == ["latency.hlog", "loops.csv", "timeline.csv"])
        #expect(try read("latency.hlog").isEmpty)
    }

    @Test("summary.json is JSON with its schema, verdict and exit code")
    func summary() throws {
        let run = SampleRun(interrupted: true)
        let text = try ResultFolder.summaryJSON(run.summary, redactor: Redactor(secrets: [SampleRun.secret]))
        let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(object["schema"] as? Int == 1)
        #expect(object["startedAt"] as? String == "2023-11-14T22:13:20.000Z")
        let verdict = try #require(object["verdict"] as? [String: Any])
        #expect(verdict["exitCode"] as? Int == 105)
        #expect(verdict["passed"] as? Bool == false)
        let phases = try #require(object["phases"] as? [[String: Any]])
        #expect(phases.map { $0["phase"] as? String } == ["steady"])
        #expect(phases.map { $0["seconds"] as? Double } == [2])
        #expect(!text.contains(SampleRun.secret))
    }

    @Test("a folder that cannot be made is an error, a file that cannot be written a problem")
    func problems() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let run = SampleRun()
        let folder = try ResultFolder(directory: directory, table: run.table, redactor: Redactor())
        #expect(throws: (any Error).self) {
            try ResultFolder(directory: "\(directory)/loops.csv/x", table: run.table, redactor: Redactor())
        }
        folder.writeRun(run.file())
        try FileManager.default.createDirectory(atPath: "\(directory)/latency.csv/x", withIntermediateDirectories: true)
        folder.finish(run.summary)
        #expect(folder.problems.count == 1)
        #expect(folder.problems.first?.contains("latency.csv") == true)
        #expect(!folder.paths.contains("\(directory)/latency.csv"))
    }

    @Test("a growing file that cannot be opened or written is reported once and then left alone")
    func growingFile() {
        let file = ResultFile(path: "/nonexistent/folder/x.csv", header: "a\r\n")
        #expect(file.failure?.contains("/nonexistent/folder/x.csv") == true)
        file.append("b\r\n")
        file.flush()
        file.close()
        if FileManager.default.fileExists(atPath: "/dev/full") {
            let full = ResultFile(path: "/dev/full", header: "a\r\n")
            #expect(full.failure != nil)
            full.append("b\r\n")
            full.close()
        }
    }

    /// The number of cells of a line without line breaks in its cells.
    private static func cells(_ line: String) -> Int {
        var isQuoted = false
        return line.reduce(1) { count, character in
            if character == "\"" { isQuoted.toggle() }
            return character == "," && !isQuoted ? count + 1 : count
        }
    }
}
