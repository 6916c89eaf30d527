/// Whether the figures of a run can be trusted, as far as the load generator itself is concerned.
package struct GeneratorHealth: Sendable {
    /// How late the event loops were, in microseconds.
    package var lag: Histogram
    /// For how long event loops stood still, in nanoseconds, summed over the workers.
    package var stalled: Int64
    /// Sends that left later than scheduled.
    package var lateSends: Int
    /// Nil where the operating system was not asked.
    package var usage: GeneratorUsage?
    /// The errors that are the generator's own: kinds `generator.*`, with the groups added up.
    package var errors: [ErrorTotal]

    package init(
        lag: Histogram,
        stalled: Int64 = 0,
        lateSends: Int = 0,
        usage: GeneratorUsage? = nil,
        errors: [ErrorTotal] = []
    ) {
        self.lag = lag
        self.stalled = stalled
        self.lateSends = lateSends
        self.usage = usage
        self.errors = errors
    }

    /// Reads it from what was measured; where the whole run was warmup, from that.
    ///
    /// Errors of the generator's own count in the warmup too: what is exhausted there stays exhausted.
    package init(totals: RunTotals) {
        let measured = totals.overall.lag.isEmpty ? totals.warmup : totals.overall
        let errors = (totals.warmup.errors + totals.overall.errors).filter { $0.kind.hasPrefix("generator.") }
        self.init(
            lag: measured.lag,
            stalled: measured.stalled,
            lateSends: measured.late,
            usage: totals.usage,
            errors: ErrorTotal.merged(errors)
        )
    }

    /// What follows from it.
    ///
    /// The generator was the bottleneck where the p99 of its lag is above 10 ms, or above the larger of 1 ms and a tenth
    /// of the smallest p99 that a check reads, or where it ran out of something of its own. A full core alone is a
    /// warning.
    ///
    /// - Parameters:
    ///   - smallestP99: in microseconds, from `CheckResult.smallestP99(of:)`; nil where no check reads a p99.
    ///   - onlyWarns: with `--generator warn` the reasons are warnings as well.
    package func verdict(smallestP99: Double?, onlyWarns: Bool = false) -> GeneratorVerdict {
        var reasons: [String] = []
        if let reason = lagReason(smallestP99: smallestP99) { reasons.append(reason) }
        for error in errors where error.count > 0 {
            let times = error.count == 1 ? "once" : "\(ValueText.grouped(error.count)) times"
            let example = error.example.isEmpty ? "." : ": \(error.example)"
            reasons.append("The generator failed by itself, \(times), with `\(error.kind)`\(example)")
        }
        let warnings = coreWarnings
        if onlyWarns { return GeneratorVerdict(isBottleneck: false, reasons: [], warnings: reasons + warnings) }
        return GeneratorVerdict(isBottleneck: !reasons.isEmpty, reasons: reasons, warnings: warnings)
    }

    /// The lag p99 that is still harmless, in microseconds.
    package static func allowedLag(smallestP99: Double?) -> Double {
        guard let smallestP99 else { return 10_000 }
        return min(10_000, max(1_000, smallestP99 / 10))
    }

    private func lagReason(smallestP99: Double?) -> String? {
        guard lag.carries(99) else { return nil }
        let p99 = Double(lag.percentile(99))
        let allowed = Self.allowedLag(smallestP99: smallestP99)
        guard p99 > allowed else { return nil }
        let why = allowed < 10_000 ? "beside the smallest p99 that a check reads" : "in any run"
        return "Its event loops were late by \(ValueText.time(microseconds: p99)) (p99), where "
            + "\(ValueText.time(microseconds: allowed)) are allowed \(why)."
    }

    private var coreWarnings: [String] {
        guard let usage else { return [] }
        if let busiest = usage.busiestThread, busiest >= 0.95 {
            return ["A worker's thread used \(ValueText.percent(min(busiest, 1))) of its core."]
        }
        if usage.cpu >= 0.95 {
            let cores = usage.cores == 1 ? "its core" : "its \(usage.cores) cores"
            return ["It used \(ValueText.percent(min(usage.cpu, 1))) of \(cores)."]
        }
        return []
    }
}
