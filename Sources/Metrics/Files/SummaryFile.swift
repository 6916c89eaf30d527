import Foundation

/// summary.json: everything, for programs.
struct SummaryFile: Encodable {
    /// Raised when a field changes its meaning or goes away; new fields do not raise it.
    static let schema = 1

    let schema = Self.schema
    let scenario: String
    let target: String
    let startedAt: String
    /// With warmup and grace.
    let seconds: Double
    /// What figures and checks are about.
    let measuredSeconds: Double
    let verdict: Verdict
    let checks: [CheckLine]
    let metrics: [Metric]
    let counters: [Counter]
    let ratios: [Ratio]
    let errors: [ErrorLine]
    /// Errors of the warmup, which count nowhere else.
    let warmupErrors: [ErrorLine]
    let loops: Loops
    let generator: Generator
    let phases: [Phase]
    let faults: [FaultLine]
    let failures: [FailedClient]
    /// Nil, and left out, where the run had one kind of time only.
    let faultTime: FaultSplit?
    /// Of a replay what the server did otherwise; nil, and left out, of any other run.
    let deviations: [DeviationLine]?
    let notes: [String]

    /// A failed client of whom a recording was kept.
    struct FailedClient: Encodable {
        /// Within the folder of the results.
        let file: String
        let group: String
        let kind: String
        let step: String
        let example: String
    }

    struct Verdict: Encodable {
        let passed: Bool
        let exitCode: Int32
        let text: String
    }

    struct CheckLine: Encodable {
        let check: String
        let outcome: String
        let optional: Bool
        let metric: String
        let unit: String
        let actual: Double?
        let threshold: Double
        let text: String
    }

    struct Metric: Encodable {
        let group: String
        let metric: String
        let unit: String
        let count: Int
        let rate: Double?
        let min: Double
        let mean: Double
        let stddev: Double
        /// By name, such as `p99.9`; without those that the samples do not carry.
        let percentiles: [String: Double]
        let max: Double
    }

    struct Counter: Encodable {
        let group: String
        let counter: String
        let count: Int
        let rate: Double?
    }

    struct Ratio: Encodable {
        let group: String
        let ratio: String
        let value: Double
    }

    struct ErrorLine: Encodable {
        let group: String
        let kind: String
        let count: Int
        let firstSecond: Int
        let example: String
    }

    struct Loops: Encodable {
        struct Count: Encodable {
            let task: String
            let outcome: String
            let count: Int
        }
        struct Line: Encodable {
            let client: Int
            let task: String
            let plans: Int
            let outcome: String
            let cycle: String
            let repeats: Int
            let seconds: Double
        }
        let total: Int
        let counts: [Count]
        let first: [Line]
        let longest: Line?
    }

    struct Generator: Encodable {
        let bottleneck: Bool
        let reasons: [String]
        let warnings: [String]
        /// Milliseconds.
        let lagP50: Double?
        let lagP99: Double?
        let lagMax: Double?
        let stalledSeconds: Double
        let lateSends: Int
        let cpuSeconds: Double?
        let wallSeconds: Double?
        let cores: Int?
        /// Of all cores, 0 to 1.
        let cpu: Double?
        let busiestThread: Double?
        let memoryBytes: Int?
        let descriptors: Int?
    }

    struct Phase: Encodable {
        let phase: String
        let seconds: Double
        let metrics: [Metric]
        let counters: [Counter]
        let ratios: [Ratio]
    }

    /// The text of the file.
    func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
}
