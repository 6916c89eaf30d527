import Foundation

/// A comparison for programs: `reprise compare --json`.
package struct ComparisonFile: Codable, Sendable {
    /// Raised when a field changes its meaning or goes away; new fields do not raise it.
    package static let schema = 1

    package let schema: Int
    package let scenario: String
    package let verdict: Verdict
    package let settings: Settings
    package let base: Side
    package let new: Side
    /// In the order of importance.
    package let figures: [Figure]
    package let onlyBase: [String]
    package let onlyNew: [String]
    package let notCompared: [NotCompared]
    package let distrust: [String]
    package let warnings: [String]
    package let notes: [String]

    package struct Verdict: Codable, Sendable {
        package let regression: Bool
        package let exitCode: Int32
        package let text: String
        package let judged: Int
        package let slower: Int
        package let faster: Int
        package let moreFailures: Int
        package let fewerFailures: Int
        /// Both sides have several runs, so that it is known how runs differ.
        package let runVarianceKnown: Bool
    }

    package struct Settings: Codable, Sendable {
        package let tolerance: Double
        package let confidence: Double
        package let metrics: [String]
        package let draws: Int
        package let seed: UInt64
        package let blockSeconds: Int
        package let settlingSeconds: Double
    }

    package struct Side: Codable, Sendable {
        package let blocks: Int
        package let runs: [Run]
    }

    package struct Run: Codable, Sendable {
        package let directory: String
        package let targets: [String]
        /// ISO 8601.
        package let startedAt: String
        package let seed: UInt64
        package let versions: [String: String]
        package let machine: RunFile.Machine
        package let options: [String]
        package let exitCode: Int32?
        package let blocks: Int
        package let steadySeconds: Int
        /// No phase was steady, so that all of it was taken.
        package let wholeRun: Bool
    }

    package struct Figure: Codable, Sendable {
        package let name: String
        package let group: String
        package let metric: String
        package let statistic: String
        /// Of the values: times are in milliseconds.
        package let unit: String
        package let direction: String
        package let base: Double
        package let new: Double
        package let baseSamples: Int
        package let newSamples: Int
        /// `relative` to the base, or `absolute`, in the unit.
        package let differenceKind: String
        package let difference: Double?
        package let low: Double?
        package let high: Double?
        package let pValue: Double?
        package let correctedPValue: Double?
        package let judged: Bool
        package let checked: Bool
        package let verdict: String
        /// Alone it would count; among so many figures it may be chance.
        package let doubtful: Bool
        package let reason: String?
    }

    package struct NotCompared: Codable, Sendable {
        package let name: String
        package let reason: String
    }

    /// The text of the file.
    package func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
}

extension ComparisonFile {
    package init(_ comparison: Comparison) {
        func count(_ verdict: ComparedFigure.Verdict) -> Int {
            comparison.figures.filter { $0.verdict == verdict }.count
        }
        let settings = comparison.settings
        schema = Self.schema
        scenario = comparison.base.first?.run.scenario ?? ""
        verdict = Verdict(
            regression: !comparison.worse.isEmpty,
            exitCode: comparison.exitCode.rawValue,
            text: comparison.verdict,
            judged: comparison.judgedCount,
            slower: count(.slower),
            faster: count(.faster),
            moreFailures: count(.moreFailures),
            fewerFailures: count(.fewerFailures),
            runVarianceKnown: !comparison.hasLoneRun
        )
        self.settings = Settings(
            tolerance: settings.tolerance,
            confidence: settings.confidence,
            metrics: settings.metrics,
            draws: settings.draws,
            seed: settings.seed,
            blockSeconds: SteadyTime.blockLength,
            settlingSeconds: SteadyTime.settling
        )
        base = Side(blocks: comparison.blocks.base, runs: comparison.base.map(Run.init))
        new = Side(blocks: comparison.blocks.new, runs: comparison.new.map(Run.init))
        figures = comparison.figures.map(Figure.init)
        onlyBase = comparison.onlyBase
        onlyNew = comparison.onlyNew
        notCompared = comparison.left.map { NotCompared(name: $0.name, reason: $0.reason) }
        distrust = comparison.distrust
        warnings = comparison.warnings
        notes = comparison.notes
    }
}

extension ComparisonFile.Run {
    init(_ run: ComparedRun) {
        directory = run.directory
        targets = run.run.targets
        startedAt = run.startedAt
        seed = run.run.seed
        versions = run.run.versions
        machine = run.run.machine
        options = run.run.options
        exitCode = run.summary?.verdict.exitCode
        blocks = run.steady.blocks.count
        steadySeconds = run.steady.seconds
        wholeRun = run.steady.isWholeRun
    }
}

extension ComparedRun {
    /// ISO 8601, in UTC.
    var startedAt: String {
        Date(timeIntervalSince1970: Double(run.startEpochMilliseconds) / 1000).formatted(.iso8601)
    }
}

extension ComparisonFile.Figure {
    init(_ figure: ComparedFigure) {
        func finite(_ value: Double?) -> Double? { value.flatMap { $0.isFinite ? $0 : nil } }
        let scale = figure.unit == .milliseconds ? 1000.0 : 1
        name = figure.name
        group = figure.group
        metric = figure.metric
        statistic = figure.statistic.rawValue
        unit = figure.unit.rawValue
        direction = figure.direction.rawValue
        base = figure.base.value / scale
        new = figure.new.value / scale
        baseSamples = figure.base.samples
        newSamples = figure.new.samples
        differenceKind = figure.statistic == .ratio ? "absolute" : "relative"
        difference = finite(figure.difference?.value)
        low = finite(figure.difference?.low)
        high = finite(figure.difference?.high)
        pValue = figure.difference?.pValue
        correctedPValue = figure.correctedPValue
        judged = figure.isJudged
        checked = figure.isChecked
        verdict = figure.verdict.rawValue
        doubtful = figure.isDoubtful
        reason = figure.reason
    }
}
