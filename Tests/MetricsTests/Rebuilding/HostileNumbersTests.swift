import Foundation
import Testing

@testable import Metrics

/// Whoever reads a folder of results may read one that was damaged, or made up: no number in it may stop the reader.
@Suite("Hostile numbers in a folder of results")
struct HostileNumbersTests {
    private let directory = NSTemporaryDirectory() + "hostile-\(UUID().uuidString)"
    private static let whole = [
        String(Int.max), String(Int.min), String(Int.max - 1), "-1", "0", "1000000000", "9007199254740993",
    ]
    private static let broken = ["1e308", "-1e308", "1e300", "-1e300", "0.5", "1e-308"]

    /// Numbers of JSON as they stand there, replaced at random; whole ones stay whole, for others do not decode.
    private static func changed(_ json: Data, _ random: inout SeededGenerator, share: Int, only: String? = nil) -> Data
    {
        let text = String(decoding: json, as: UTF8.self)
        var changed = ""
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let digits = line.hasSuffix(",") ? line.dropLast() : line
            guard let colon = digits.range(of: " : "), Double(digits[colon.upperBound...]) != nil,
                !line.contains("\"schema\""), !line.contains("\"exitCode\""), !line.contains("\"signal\""),
                Int.random(in: 0..<share, using: &random) == 0
            else {
                changed += line + "\n"
                continue
            }
            let isBroken = digits[colon.upperBound...].contains(".")
            let values = isBroken ? Self.broken : Self.whole
            let value = only.flatMap { values.contains($0) ? $0 : nil } ?? values.randomElement(using: &random) ?? "0"
            changed += digits[..<colon.upperBound] + value + (line.hasSuffix(",") ? "," : "") + "\n"
        }
        return Data(changed.utf8)
    }

    /// With a point in every number that may have one.
    private static func text(_ value: some Encodable, doubles: Set<String>) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        var lines = String(decoding: try encoder.encode(value), as: UTF8.self).components(separatedBy: "\n")
        for (place, line) in lines.enumerated() {
            let key = line.split(separator: "\"").dropFirst().first.map(String.init) ?? ""
            let digits = line.hasSuffix(",") ? String(line.dropLast()) : line
            if doubles.contains(key), digits.last?.isNumber == true, !digits.contains(".") {
                lines[place] = digits + ".0" + (line.hasSuffix(",") ? "," : "")
            }
        }
        return Data(lines.joined(separator: "\n").utf8)
    }

    private static let doubles: Set<String> = [
        "seconds", "measuredSeconds", "from", "to", "at", "graceSeconds", "warmupSeconds", "threshold", "afterSeconds",
        "actual", "rate", "min", "mean", "stddev", "max", "p50", "p75", "p90", "p95", "p99", "p99.9", "value", "lagP50",
        "lagP99", "lagMax", "stalledSeconds", "cpuSeconds", "wallSeconds", "cpu", "busiestThread", "begin", "end",
    ]

    private func write(_ name: String, _ data: Data) throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try data.write(to: URL(filePath: "\(directory)/\(name)"))
    }

    /// Makes the reports as far as they can be made.
    private func report() {
        do {
            let rebuilt = try RunRebuilding(directory: directory)
            #expect(rebuilt.written.contains { $0.hasSuffix("report.html") }, "\(rebuilt.problems)")
        } catch {
            #expect(!error.message.isEmpty)
        }
    }

    private func samples() throws -> (run: Data, summary: Data, timeline: String, log: String) {
        let checks = try ["join.p90 < 1s", "stream.missing == 0", "steady:messages.sent.rate > 5"].map {
            try Check.parse($0, names: CheckNames(phases: ["steady"], measures: ["join"], streams: ["answer"]))
        }
        let run = SampleRun(checks: checks)
        let folder = try ResultFolder(directory: directory, table: run.table, redactor: Redactor())
        folder.writeRun(run.file(checks))
        for second in run.seconds { folder.append(second) }
        folder.finish(run.summary)
        func read(_ name: String) throws -> Data { try Data(contentsOf: URL(filePath: "\(directory)/\(name)")) }
        var file = run.file(checks)
        file.faults = [RunFile.Fault(at: 1, text: "drop 80 % of visitor: reset")]
        return (
            try Self.text(file, doubles: Self.doubles), try Self.text(StoredSample().summary(), doubles: Self.doubles),
            String(decoding: try read("timeline.csv"), as: UTF8.self),
            String(decoding: try read("latency.hlog"), as: UTF8.self)
        )
    }

    @Test("whatever numbers stand in summary.json, there is a page", arguments: 0..<8)
    func summary(round: Int) throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var random = SeededGenerator(seed: UInt64(round))
        let samples = try samples()
        let only = [String(Int.max), String(Int.min), "1e308", "-1e308"]
        let isWhole = round < only.count
        let summary = Self.changed(samples.summary, &random, share: isWhole ? 1 : 3, only: isWhole ? only[round] : nil)
        #expect((try? JSONDecoder().decode(SummaryFile.self, from: summary)) != nil || round > 3)
        try write("summary.json", summary)
        report()
    }

    @Test("whatever numbers stand in run.json, there is a page", arguments: 0..<8, [false, true])
    func run(round: Int, isFinished: Bool) throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var random = SeededGenerator(seed: UInt64(round))
        let samples = try samples()
        let only = [String(Int.max), String(Int.min), "1e308", "-1e308", "1e300", "-1e300"]
        let isWhole = round < only.count
        try write(
            "run.json",
            Self.changed(samples.run, &random, share: isWhole ? 1 : 3, only: isWhole ? only[round] : nil)
        )
        if !isFinished { try FileManager.default.removeItem(atPath: "\(directory)/summary.json") }
        report()
    }

    @Test("whatever numbers stand in the files that grow, there is a page", arguments: 0..<12)
    func growing(round: Int) throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var random = SeededGenerator(seed: UInt64(round))
        let samples = try samples()
        let numbers =
            Self.whole + Self.broken + [
                "nan", "inf", "-inf", "1e400", "0x7fffffffffffffff", "", "99999999999999999999",
            ]
        func changed(_ text: String) -> String {
            text.split(separator: "\n").enumerated().map { place, line in
                var cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
                if place > 0, Int.random(in: 0...2, using: &random) == 0 {
                    cells[Int.random(in: cells.indices, using: &random)] = numbers.randomElement(using: &random) ?? ""
                }
                return cells.joined(separator: ",")
            }.joined(separator: "\n") + "\n"
        }
        try FileManager.default.removeItem(atPath: "\(directory)/summary.json")
        try write("latency.hlog", Data(changed(samples.log).utf8))
        let last = samples.timeline.split(separator: "\r\n").last ?? ""
        let rest = last.split(separator: ",", omittingEmptySubsequences: false).dropFirst(2)
        var timeline = changed(samples.timeline)
        for second in [Int.max, 1_000_000_000, 999_999_999, -5] where round % 2 == 0 {
            let epoch = 1_700_000_000_000 &+ second &* 1000
            timeline += "\(second),\(epoch),\(rest.joined(separator: ","))\r\n"
        }
        for kind in ["errors.x", "operations", "generator.late", "received.x", "clients.active"] {
            for group in ["all", "visitor", "dashboard"] {
                timeline += "2,1700000002000,1,\(group),\(kind),\(Int.max),1e308,,,,\r\n"
                timeline += "2,1700000002000,1,\(group),\(kind),\(Int.max),1e308,,,,\r\n"
            }
        }
        try write("timeline.csv", Data(timeline.utf8))
        try write(
            "loops.csv",
            Data(changed(LoopsFile.header + "1,task,2,runaway,x,3,0.1\r\n1,task,2,runaway,x,3,1\r\n").utf8)
        )
        report()
    }
}
