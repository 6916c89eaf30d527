/// Makes the figures of two sides, before any is judged.
struct FigureBuilder {
    let base: ComparedSide
    let new: ComparedSide
    let settings: ComparisonSettings
    private(set) var figures: [ComparedFigure] = []
    private(set) var left: [Comparison.LeftOut] = []
    private let checks: [String]
    private let isEnough: Bool
    /// Of an open load or one with a pace, whose throughput says nothing of the server.
    private let followsLoad: Bool

    init(base: ComparedSide, new: ComparedSide, isEnough: Bool, settings: ComparisonSettings) {
        self.base = base
        self.new = new
        self.settings = settings
        checks = (base.runs + new.runs).flatMap(\.run.checks)
        self.isEnough = isEnough
        followsLoad = (base.runs + new.runs).contains { $0.run.givesThroughput }
        addPercentiles()
        addRatios()
        addThroughputs()
    }

    // MARK: - Percentiles

    private mutating func addPercentiles() {
        let keys = base.metrics.intersection(new.metrics)
        let groups = Set(keys.map(\.group)).subtracting(["all"])
        for key in keys.sorted(by: { ($0.group, $0.metric) < ($1.group, $1.metric) }) {
            // One group alone is the same as all.
            if key.group != "all", groups.count < 2, !isNamed(key) { continue }
            addPercentiles(of: key)
        }
    }

    private func isNamed(_ key: StoredTimeline.Key) -> Bool {
        ComparedFigure.Statistic.allCases.contains {
            settings.names(group: key.group, metric: key.metric, statistic: $0)
        }
    }

    private mutating func addPercentiles(of key: StoredTimeline.Key) {
        let unit = MetricChoice.unit(key.metric, in: base.runs + new.runs)
        let isRead = MetricChoice.isRead(key.metric, group: key.group, by: checks)
        let statistics = ComparedFigure.Statistic.allCases.filter { statistic in
            guard statistic.percentile != nil else { return false }
            if settings.names(group: key.group, metric: key.metric, statistic: statistic) { return true }
            return settings.metrics.isEmpty && unit == .milliseconds && !MetricChoice.isPart(key.metric)
        }
        guard !statistics.isEmpty else { return }
        let own = BlockedHistograms(base.histograms(key))
        let other = BlockedHistograms(new.histograms(key))
        for statistic in statistics {
            guard let percentile = statistic.percentile else { continue }
            let name = (key.group == "all" ? "" : "\(key.group)/") + "\(key.metric).\(statistic.rawValue)"
            if let reason = tooFew(own, other, percentile) {
                if key.group == "all" || isRead || !settings.metrics.isEmpty {
                    left.append(Comparison.LeftOut(name: name, reason: reason))
                }
                continue
            }
            guard
                let first = SideEstimate.percentile(Double(percentile), of: own, base.layout, base.draws),
                let second = SideEstimate.percentile(Double(percentile), of: other, new.layout, new.draws)
            else { continue }
            let resolution = BlockedHistograms.resolution(at: first.value) / first.value
            add(
                key.group,
                key.metric,
                statistic,
                unit,
                direction: unit == .milliseconds ? .lowerIsBetter : .neither,
                first,
                second,
                Difference(ratioOf: second, to: first, confidence: settings.confidence, resolution: resolution),
                isJudged: unit == .milliseconds && (key.group == "all" || isRead || !settings.metrics.isEmpty),
                reason: unit == .milliseconds ? nil : "a size, not judged"
            )
        }
    }

    /// Why a percentile cannot be told: a block has to hold at least 1 / (1 - p) samples.
    private func tooFew(_ own: BlockedHistograms, _ other: BlockedHistograms, _ percentile: Int) -> String? {
        let needed = (100 + 99 - percentile) / (100 - percentile)
        for (side, name) in [(own, "the base"), (other, "the new")] {
            let each = Double(side.total) / Double(max(side.blocks, 1))
            if each < Double(needed) {
                return "\(name) has \(ValueText.number(each)) samples a block, and \(needed) are needed"
            }
        }
        return nil
    }

    // MARK: - Failures

    private mutating func addRatios() {
        let counters = base.counters.union(new.counters)
        let groups = Set(counters.map(\.group)).sorted()
        for group in groups {
            for ratio in MetricChoice.ratios(counters, group: group) {
                addRatio(ratio, group: group, ofSeveral: groups.count > 2)
            }
        }
    }

    private mutating func addRatio(_ ratio: (name: String, failed: String, all: String), group: String, ofSeveral: Bool)
    {
        let isRead = MetricChoice.isRead(ratio.name, group: group, by: checks)
        let isWanted =
            settings.names(group: group, metric: ratio.name, statistic: .ratio)
            || settings.metrics.isEmpty && (group == "all" || ofSeveral)
        guard isWanted else { return }
        let failed = (base.counts(group, ratio.failed), new.counts(group, ratio.failed))
        let all = (base.counts(group, ratio.all), new.counts(group, ratio.all))
        guard
            let first = SideEstimate.quotient(failed.0, all.0, base.layout, isRatio: false),
            let second = SideEstimate.quotient(failed.1, all.1, new.layout, isRatio: false)
        else { return }
        // Where nothing failed on either side there is nothing to test, and it must not cost the others certainty.
        let isEmpty = first.value == 0 && second.value == 0
        if isEmpty, ratio.name != "errors.rate" || group != "all" { return }
        func sums(_ failed: [Double], _ all: Int) -> (failed: Int, all: Int) {
            (failed: min(WholeNumber.clamped(failed.reduce(0, +)), all), all: all)
        }
        add(
            group,
            ratio.name,
            .ratio,
            .ratio,
            direction: .lowerIsBetter,
            first,
            second,
            RateDifference.difference(
                first,
                second,
                sums(failed.0, first.samples),
                sums(failed.1, second.samples),
                confidence: settings.confidence
            ),
            isJudged: !isEmpty && (group == "all" || isRead || !settings.metrics.isEmpty),
            reason: isEmpty ? "nothing failed on either side" : nil
        )
    }

    // MARK: - Throughput

    private mutating func addThroughputs() {
        for metric in MetricChoice.throughputs {
            let isWanted = settings.metrics.isEmpty || settings.names(group: "all", metric: metric, statistic: .rate)
            guard
                isWanted,
                let first = SideEstimate.quotient(
                    base.counts("all", metric),
                    base.blockSeconds,
                    base.layout,
                    isRatio: true
                ),
                let second = SideEstimate.quotient(
                    new.counts("all", metric),
                    new.blockSeconds,
                    new.layout,
                    isRatio: true
                ),
                first.value > 0, second.value > 0
            else { continue }
            add(
                "all",
                metric,
                .rate,
                .perSecond,
                direction: followsLoad ? .neither : .higherIsBetter,
                first,
                second,
                Difference(
                    ratioOf: second,
                    to: first,
                    confidence: settings.confidence,
                    least: (leastVariance(base, metric), leastVariance(new, metric))
                ),
                isJudged: !followsLoad,
                reason: followsLoad ? "follows the load, not judged" : nil
            )
        }
    }

    /// Of the logarithm of a count: as many events as they are, each by itself (Poisson).
    ///
    /// Blocks that happen to count alike would make one event more or less look certain.
    private func leastVariance(_ side: ComparedSide, _ metric: String) -> Double {
        let counts = zip(side.counts("all", metric), side.layout.weights)
        let sum = counts.reduce(0) { $0 + $1.0 * $1.1 }
        return sum > 0 ? counts.reduce(0) { $0 + $1.0 * $1.1 * $1.1 } / (sum * sum) : 0
    }

    // MARK: -

    private mutating func add(
        _ group: String,
        _ metric: String,
        _ statistic: ComparedFigure.Statistic,
        _ unit: ComparedFigure.Unit,
        direction: ComparedFigure.Direction,
        _ first: SideEstimate,
        _ second: SideEstimate,
        _ difference: Difference,
        isJudged: Bool,
        reason: String?
    ) {
        figures.append(
            ComparedFigure(
                group: group,
                metric: metric,
                statistic: statistic,
                unit: unit,
                direction: direction,
                base: ComparedFigure.Value(value: first.value, samples: first.samples),
                new: ComparedFigure.Value(value: second.value, samples: second.samples),
                difference: isEnough ? difference : nil,
                isJudged: isJudged && isEnough,
                isChecked: MetricChoice.isRead(metric, group: group, by: checks),
                correctedPValue: nil,
                verdict: isEnough ? .notJudged : .tooShort,
                reason: reason ?? (isJudged || group == "all" ? nil : "part of all, which decides"),
                leastDifference: base.lag(at: statistic) + new.lag(at: statistic)
            )
        )
    }
}

extension RunFile {
    /// Whether the load and not the server says how much is done: an open load, or steps at a pace.
    ///
    /// Files of older versions do not say whether steps have a pace: there it is looked for in the scenario's text, as a
    /// key of that name outside of comments.
    var givesThroughput: Bool {
        if load.contains(where: { $0.model == "arrivals" }) { return true }
        if let isPaced { return isPaced }
        return text.split(whereSeparator: \.isNewline).contains { line in
            let code = line.prefix { $0 != "#" }
            guard let range = code.firstRange(of: "pace:") else { return false }
            return code[..<range.lowerBound].last.map { " -{,\t".contains($0) } ?? true
        }
    }
}
