import Foundation

/// summary.json: everything, for programs.
package struct SummaryFile: Codable, Sendable {
    /// Raised when a field changes its meaning or goes away; new fields do not raise it.
    package static let schema = 1

    package let schema: Int
    package let scenario: String
    package let target: String
    package let startedAt: String
    /// With warmup and grace.
    package let seconds: Double
    /// What figures and checks are about.
    package let measuredSeconds: Double
    package let verdict: Verdict
    package let checks: [CheckLine]
    package let metrics: [Metric]
    package let counters: [Counter]
    package let ratios: [Ratio]
    package let errors: [ErrorLine]
    /// Errors of the warmup, which count nowhere else.
    package let warmupErrors: [ErrorLine]
    package let loops: Loops
    package let generator: Generator
    package let phases: [Phase]
    package let faults: [FaultLine]
    package let failures: [FailedClient]
    /// Nil, and left out, where the run had one kind of time only.
    package let faultTime: FaultSplit?
    /// Of a replay what the server did otherwise; nil, and left out, of any other run.
    package let deviations: [DeviationLine]?
    /// What servers said of themselves after the warmup; nil, and left out, where none was asked.
    package let scraped: [ScrapedLine]?
    package let notes: [String]
    /// True where it was made from the other files, since the run did not come to its end; else left out.
    package let rebuilt: Bool?

    /// A failed client of whom a recording was kept.
    package struct FailedClient: Codable, Sendable {
        /// Within the folder of the results.
        package let file: String
        package let group: String
        package let kind: String
        package let step: String
        package let example: String
    }

    package struct Verdict: Codable, Sendable {
        package let passed: Bool
        package let exitCode: Int32
        package let text: String
    }

    package struct CheckLine: Codable, Sendable {
        package let check: String
        package let outcome: String
        package let optional: Bool
        package let metric: String
        package let unit: String
        package let actual: Double?
        package let threshold: Double
        package let text: String
    }

    package struct Metric: Codable, Sendable {
        package let group: String
        package let metric: String
        package let unit: String
        package let count: Int
        package let rate: Double?
        package let min: Double
        package let mean: Double
        package let stddev: Double
        /// By name, such as `p99.9`; without those that the samples do not carry.
        package let percentiles: [String: Double]
        package let max: Double
    }

    package struct Counter: Codable, Sendable {
        package let group: String
        package let counter: String
        package let count: Int
        package let rate: Double?
    }

    package struct Ratio: Codable, Sendable {
        package let group: String
        package let ratio: String
        package let value: Double
    }

    package struct ErrorLine: Codable, Sendable {
        package let group: String
        package let kind: String
        package let count: Int
        package let firstSecond: Int
        package let example: String
    }

    package struct Loops: Codable, Sendable {
        package struct Count: Codable, Sendable {
            package let task: String
            package let outcome: String
            package let count: Int
        }
        package struct Line: Codable, Sendable {
            package let client: Int
            package let task: String
            package let plans: Int
            package let outcome: String
            package let cycle: String
            package let repeats: Int
            package let seconds: Double
        }
        package let total: Int
        package let counts: [Count]
        package let first: [Line]
        package let longest: Line?
    }

    package struct Generator: Codable, Sendable {
        package let bottleneck: Bool
        package let reasons: [String]
        package let warnings: [String]
        /// Milliseconds.
        package let lagP50: Double?
        package let lagP99: Double?
        package let lagMax: Double?
        /// Nil, and left out, where it is not known.
        package let stalledSeconds: Double?
        package let lateSends: Int
        package let cpuSeconds: Double?
        package let wallSeconds: Double?
        package let cores: Int?
        /// Of all cores, 0 to 1.
        package let cpu: Double?
        package let busiestThread: Double?
        package let memoryBytes: Int?
        package let descriptors: Int?
    }

    package struct Phase: Codable, Sendable {
        package let phase: String
        package let seconds: Double
        package let metrics: [Metric]
        package let counters: [Counter]
        package let ratios: [Ratio]
    }

    /// The text of the file.
    package func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
}
