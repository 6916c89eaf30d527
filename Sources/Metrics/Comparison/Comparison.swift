/// Whether a new version is faster or slower than the base, beyond the noise of the runs.
package struct Comparison: Sendable {
    package let settings: ComparisonSettings
    package let base: [ComparedRun]
    package let new: [ComparedRun]
    /// What is compared of them.
    let sides: (base: ComparedSide, new: ComparedSide)
    /// The judged ones first, the worst of them at the top.
    package let figures: [ComparedFigure]
    /// Metrics that one side alone has measured.
    package let onlyBase: [String]
    package let onlyNew: [String]
    /// Figures without enough samples, with the reason.
    package let left: [LeftOut]
    /// What makes the comparison doubtful, as sentences.
    package let warnings: [String]
    /// What is worth knowing, as sentences.
    package let notes: [String]
    /// Why the figures are not to be trusted: the generator was the bottleneck.
    package let distrust: [String]
    /// Of each side, in order.
    package let blocks: (base: Int, new: Int)
    /// Whether both sides have blocks enough to tell noise from.
    package let isEnough: Bool

    /// A figure that is not compared.
    package struct LeftOut: Sendable, Hashable {
        package let name: String
        package let reason: String
    }

    /// How many figures the verdict is about.
    package var judgedCount: Int { figures.filter(\.isJudged).count }
    package var worse: [ComparedFigure] { figures.filter(\.verdict.isWorse) }
    package var better: [ComparedFigure] { figures.filter(\.verdict.isBetter) }

    package var exitCode: ExitCode {
        if !isEnough { return .scenarioInvalid }
        if !distrust.isEmpty { return .generatorWasBottleneck }
        return worse.isEmpty ? .passed : .checkFailed
    }

    /// Whether a side has one run only, so that nobody knows how runs of it differ.
    package var hasLoneRun: Bool { base.count == 1 || new.count == 1 }

    /// One line.
    package var verdict: String {
        if !isEnough { return tooShort }
        let prefix = distrust.isEmpty ? "" : "NOT TO BE TRUSTED, the generator was the bottleneck: "
        if judgedCount == 0 { return prefix + "NOTHING TO COMPARE: no figure has enough samples on both sides" }
        let tolerance = ValueText.percent(settings.tolerance)
        if worse.isEmpty, better.isEmpty {
            return prefix + "NO DIFFERENCE beyond noise and \(tolerance) in \(Self.figureCount(judgedCount))"
        }
        let state = worse.isEmpty ? "BETTER" : better.isEmpty ? "REGRESSION" : "REGRESSION, and better in parts"
        return prefix + "\(state): " + parts.joined(separator: ", ") + " of \(Self.figureCount(judgedCount))"
    }

    /// What a figure is that is not certain enough.
    package var doubt: String {
        "alone such a figure would count as a difference, but among \(judgedCount) figures it may be chance: run longer or "
            + "more often"
    }

    /// What a figure is that the generator may have moved.
    package var lagNote: String {
        "such a figure differs by less than what the generator's own lag may have done to it: give the generator a "
            + "machine, or cores, of its own"
    }

    private var parts: [String] {
        [ComparedFigure.Verdict.slower, .moreFailures, .faster, .fewerFailures].compactMap { verdict in
            let number = figures.filter { $0.verdict == verdict }.count
            return number > 0 ? "\(number) \(verdict.rawValue)" : nil
        }
    }

    private var tooShort: String {
        func side(_ name: String, _ blocks: Int) -> String {
            "\(name) has \(blocks) block\(blocks == 1 ? "" : "s") of \(SteadyTime.blockLength) s"
        }
        // Three runs without a block tell no more than one.
        let several = min(blocks.base, blocks.new) > 0 ? ", or three runs a side" : ""
        return
            "TOO SHORT to tell noise from a difference: \(side("the base", blocks.base)), \(side("the new", blocks.new)); "
            + "run a steady phase of at least \(SteadyTime.shortestPhase) s\(several)"
    }

    private static func figureCount(_ count: Int) -> String {
        "\(count) figure\(count == 1 ? "" : "s")"
    }
}
