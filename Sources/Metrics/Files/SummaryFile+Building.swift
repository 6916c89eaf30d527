import Foundation

extension SummaryFile {
    init(_ summary: RunSummary, redactor: Redactor) {
        let totals = summary.totals
        schema = Self.schema
        let parts = Parts(totals: totals, redactor: redactor)
        scenario = summary.scenario
        target = redactor.apply(summary.target)
        startedAt = Self.timestamp(summary.startEpochMilliseconds)
        seconds = Self.rounded(summary.seconds)
        measuredSeconds = Self.rounded(totals.overall.seconds)
        let code = summary.exitCode
        verdict = Verdict(passed: code == .passed, exitCode: code.rawValue, text: summary.verdict)
        checks = summary.checks.map(CheckLine.init)
        metrics = parts.metrics(totals.overall)
        counters = parts.counters(totals.overall)
        ratios = parts.ratios(phase: nil)
        errors = parts.errors(totals.overall)
        warmupErrors = parts.errors(totals.warmup)
        loops = Loops(summary.loops, redactor: redactor)
        generator = Generator(summary, redactor: redactor)
        phases = totals.phases.map { phase in
            Phase(
                phase: phase.name,
                seconds: Self.rounded(phase.totals.seconds),
                metrics: parts.metrics(phase.totals),
                counters: parts.counters(phase.totals),
                ratios: parts.ratios(phase: phase.name)
            )
        }
        faults = summary.faults.map { FaultLine($0, redactor: redactor) }
        failures = summary.failures.map { FailedClient($0, redactor: redactor) }
        faultTime = FaultSplit(totals)
        deviations = totals.table.replay.map { _ in
            DeviationRow.rows(of: totals).map { DeviationLine($0, redactor: redactor) }
        }
        scraped = summary.scraped.map { $0.all.map { ScrapedLine($0, redactor: redactor) } }
        notes = summary.notes.map(redactor.apply)
        rebuilt = summary.wasRebuilt ? true : nil
    }

    /// The groups in the scenario's order, `all` at last.
    package var groups: [String] {
        counters.filter { $0.counter == "clients.active" }.map(\.group)
    }

    /// Three decimals, so that files do not change in the sixteenth one.
    static func rounded(_ value: Double) -> Double {
        value.isFinite ? (value * 1000).rounded() / 1000 : 0
    }

    /// ISO 8601 with milliseconds, in UTC.
    package static func timestamp(_ epochMilliseconds: Int64) -> String {
        let formatter = ISO8601DateFormatter()
        formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
        return formatter.string(from: Date(timeIntervalSince1970: Double(epochMilliseconds) / 1000))
    }

    /// Turns totals into the lines of the file.
    private struct Parts {
        let totals: RunTotals
        let redactor: Redactor

        func metrics(_ part: Totals) -> [Metric] {
            MeasuredRows(table: totals.table, totals: part).distributions.map(Metric.init)
        }

        func counters(_ part: Totals) -> [Counter] {
            let rows = MeasuredRows(table: totals.table, totals: part)
            let active = rows.groups.map { group in
                Counter(
                    group: group.name,
                    counter: "clients.active",
                    count: part.peakClients(group: group.index),
                    rate: nil
                )
            }
            return active
                + rows.counters.map { row in
                    Counter(
                        group: row.group,
                        counter: redactor.apply(counter: row.counter, of: totals.table.register),
                        count: row.count,
                        rate: row.rate.map(SummaryFile.rounded)
                    )
                }
        }

        func ratios(phase: String?) -> [Ratio] {
            let names = totals.table.register.operationNames.map { "\($0).failed.rate" } + ["errors.rate"]
            let groups = MeasuredRows(table: totals.table, totals: totals.overall).groups.map(\.name)
            return groups.flatMap { group in
                names.compactMap { name in
                    totals.ratio(name, group: group, phase: phase).map { Ratio(group: group, ratio: name, value: $0) }
                }
            }
        }

        func errors(_ part: Totals) -> [ErrorLine] {
            part.errors.map { error in
                ErrorLine(
                    group: totals.table.groups[error.group],
                    kind: error.kind,
                    count: error.count,
                    firstSecond: error.firstSecond,
                    example: redactor.apply(error.example)
                )
            }
        }
    }
}

extension SummaryFile.FailedClient {
    init(_ failure: FailureLine, redactor: Redactor) {
        file = "failures/\(failure.fileName)"
        group = failure.group
        kind = failure.kind
        step = redactor.apply(failure.step)
        example = redactor.apply(failure.example)
    }
}

extension SummaryFile.CheckLine {
    init(_ result: CheckResult) {
        let check = result.check
        self.check = check.text
        outcome = result.outcome.rawValue
        optional = check.isOptional
        metric = check.metric
        unit = check.outputUnit
        actual = result.actual.map { SummaryFile.rounded6($0 / check.outputScale) }
        threshold = SummaryFile.rounded6(check.threshold / check.outputScale)
        text = result.text
    }
}

extension SummaryFile.Metric {
    init(_ row: DistributionRow) {
        group = row.group
        metric = row.metric
        unit = row.unit.rawValue
        count = row.count
        rate = row.rate.map(SummaryFile.rounded)
        min = SummaryFile.rounded(row.min)
        mean = SummaryFile.rounded(row.mean)
        stddev = SummaryFile.rounded(row.standardDeviation)
        var percentiles: [String: Double] = [:]
        for (percentile, value) in zip(DistributionRow.percentiles, row.values) {
            percentiles[Self.name(ofPercentile: percentile)] = value.map(SummaryFile.rounded)
        }
        self.percentiles = percentiles
        max = SummaryFile.rounded(row.max)
    }

    /// The key of a percentile: `p50`, `p99.9`.
    static func name(ofPercentile percentile: Double) -> String {
        percentile == percentile.rounded() ? "p\(Int(percentile))" : "p\(percentile)"
    }
}

extension SummaryFile.Loops {
    init(_ tally: LoopTally, redactor: Redactor) {
        total = tally.total
        counts = tally.counts.map { Count(task: $0.task, outcome: $0.outcome.name, count: $0.count) }
        first = tally.first.map { Line($0, redactor: redactor) }
        longest = tally.longest.map { Line($0, redactor: redactor) }
    }
}

extension SummaryFile.Loops.Line {
    init(_ loop: LoopLine, redactor: Redactor) {
        client = loop.client
        task = loop.task
        plans = loop.plans
        outcome = loop.outcome.name
        cycle = redactor.apply(loop.cycle)
        repeats = loop.repeats
        seconds = SummaryFile.rounded(loop.seconds)
    }
}

extension SummaryFile.Generator {
    init(_ summary: RunSummary, redactor: Redactor) {
        let lag = summary.health.lag
        let usage = summary.health.usage
        bottleneck = summary.generator.isBottleneck
        reasons = summary.generator.reasons.map(redactor.apply)
        warnings = summary.generator.warnings.map(redactor.apply)
        lagP50 = lag.carries(50) ? Double(lag.percentile(50)) / 1000 : nil
        lagP99 = lag.carries(99) ? Double(lag.percentile(99)) / 1000 : nil
        lagMax = lag.isEmpty ? nil : Double(lag.max) / 1000
        stalledSeconds = summary.wasRebuilt ? nil : SummaryFile.rounded(Double(summary.health.stalled) / 1e9)
        lateSends = summary.health.lateSends
        cpuSeconds = usage.map { SummaryFile.rounded($0.cpuSeconds) }
        wallSeconds = usage.map { SummaryFile.rounded($0.wallSeconds) }
        cores = usage?.cores
        cpu = usage.map { SummaryFile.rounded($0.cpu) }
        busiestThread = usage?.busiestThread.map(SummaryFile.rounded)
        memoryBytes = usage?.memory
        descriptors = usage?.descriptors
    }
}

extension SummaryFile {
    /// Six decimals, for ratios.
    static func rounded6(_ value: Double) -> Double {
        value.isFinite ? (value * 1e6).rounded() / 1e6 : 0
    }
}

extension Check {
    /// The unit of the actual value and the threshold in summary.json.
    var outputUnit: String {
        switch valueKind {
        case .time, .duration: "ms"
        case .ratio: "ratio"
        case .bytes: "bytes"
        case .count, .size: statistic == .rate ? "per second" : "count"
        }
    }

    var outputScale: Double {
        valueKind == .time || valueKind == .duration ? 1000 : 1
    }
}
