extension LiveFigures {
    /// Makes the figures of one second.
    ///
    /// - Parameters:
    ///   - second: what was measured in it.
    ///   - totals: what was measured so far, at least up to its end.
    ///   - main: of the same table as the totals.
    package init(
        _ second: TimelineSecond,
        totals: RunTotals,
        plan: LivePlan,
        main: MainMetrics,
        redactor: Redactor
    ) {
        let table = totals.table
        let fixed = table.fixed
        let part = second.totals
        let seconds = part.seconds > 0 ? part.seconds : 1

        self.second = second.second
        measuredSeconds = part.seconds
        elapsed = Double(second.second) + min(max(part.seconds, 0), 1)
        total = plan.seconds
        phase = second.phase
        isWarmup = second.isWarmup
        isGrace = Double(second.second) >= plan.seconds
        groups = zip(table.groups, second.activeClients).map(Group.init)

        let soFar = { (counter: CounterMetric) in
            totals.overall.counter(counter.index, group: nil) &+ totals.warmup.counter(counter.index, group: nil)
        }
        started = soFar(fixed.clientsStarted)
        finished = soFar(fixed.clientsFinished)
        failed = soFar(fixed.clientsFailed)
        notStarted = soFar(fixed.clientsNotStarted)

        let flow = { (counter: CounterMetric) in
            Flow(
                rate: Double(part.counter(counter.index, group: nil)) / seconds,
                total: totals.overall.counter(counter.index, group: nil)
            )
        }
        sent = flow(fixed.messagesSent)
        received = flow(fixed.messagesReceived)

        errors = ErrorTotal.merged(totals.overall.errors)
            .map { error in
                ErrorKind(
                    kind: redactor.apply(error.kind),
                    total: error.count,
                    inSecond: part.errorCount(kind: error.kind)
                )
            }
            .sorted { ($1.total, $0.kind) < ($0.total, $1.kind) }
        errorFlow = Flow(
            rate: Double(part.errorCount()) / seconds,
            total: totals.overall.errorCount() &+ totals.warmup.errorCount()
        )
        errorRate = totals.ratio("errors.rate")

        latencies = Self.latencies(part, totals, main)

        checks = plan.checks.map { $0.evaluate(over: totals) }
        let smallestP99 = CheckResult.smallestP99(of: checks)
        let health = GeneratorHealth(totals: totals)
        generator = health.verdict(smallestP99: smallestP99, onlyWarns: plan.generatorOnlyWarns)
        usage = totals.usage
        lag = Lag(
            p50: part.lag.carried(50),
            p99: part.lag.carried(99),
            max: part.lag.isEmpty ? nil : Double(part.lag.max),
            runP99: health.lag.carried(99),
            allowed: GeneratorHealth.allowedLag(smallestP99: smallestP99)
        )

        faults = second.faults.map { fault in
            var fault = fault
            fault.text = redactor.apply(fault.text)
            return fault
        }
        faultSeconds = second.faultSeconds
    }

    /// The rows with samples in this second, and the main ones that have had some before.
    private static func latencies(_ part: Totals, _ totals: RunTotals, _ main: MainMetrics) -> [Latency] {
        var latencies: [Latency] = []
        for (place, row) in main.rows.enumerated() {
            let histogram = part.histogram(row: row, group: nil)
            let isCandidate = place < main.candidates
            let wasSeen =
                isCandidate && histogram.isEmpty && totals.hasSamples(row: row)
            guard !histogram.isEmpty || wasSeen else { continue }
            let values = histogram.percentiles([50, 95, 99]).map(Double.init)
            latencies.append(
                Latency(
                    metric: totals.table.register.rows[row].name,
                    count: histogram.count,
                    p50: histogram.carries(50) ? values[0] : nil,
                    p95: histogram.carries(95) ? values[1] : nil,
                    p99: histogram.carries(99) ? values[2] : nil,
                    max: histogram.isEmpty ? nil : Double(histogram.max),
                    isMain: isCandidate
                )
            )
        }
        return latencies
    }
}

extension CheckResult {
    /// Whether it asks for more of something than has happened so far, which the rest of the run may bring.
    package var mayStillPass: Bool {
        guard outcome == .failed, let actual, check.valueKind == .count, check.statistic != .rate else { return false }
        switch check.comparison {
        case .greater, .greaterOrEqual: return true
        case .equal: return actual < check.threshold
        case .less, .lessOrEqual, .notEqual: return false
        }
    }
}

extension RunTotals {
    /// Whether a row has samples in any group, the warmup's too.
    fileprivate func hasSamples(row: Int) -> Bool {
        table.groups.indices.contains { group in
            !overall.histogram(row: row, group: group).isEmpty || !warmup.histogram(row: row, group: group).isEmpty
        }
    }
}

extension Histogram {
    /// A percentile, or nil where the samples do not carry it.
    func carried(_ percentile: Double) -> Double? {
        carries(percentile) ? Double(self.percentile(percentile)) : nil
    }
}
