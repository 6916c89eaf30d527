/// One second of the run, when all workers have delivered it.
package struct TimelineSecond: Sendable {
    /// The second of the run, from 0.
    package let second: Int
    /// When it began, in milliseconds since 1970.
    package let epochMilliseconds: Int64
    /// The name of its phase; `warmup`, its number counted from 1 where it has none, or `grace` after the last.
    package let phase: String
    package let isWarmup: Bool
    /// Clients at its end, per group.
    package let activeClients: [Int]
    /// For how much of it a fault was on, in seconds.
    package let faultSeconds: Double
    /// What was measured in it.
    package let totals: Totals
    /// The same by phase, in order: more than one where a phase or the warmup ends within the second.
    package let parts: [Part]
    /// The faults of the run's clock that began in it; whoever knows them says so.
    package var faults: [FaultMark] = []
    /// What servers said of themselves at its end; whoever asked them says so.
    package var scraped: [ScrapedRow] = []
}

extension TimelineSecond {
    /// What was measured of a second in one phase.
    package struct Part: Sendable {
        /// As `TimelineSecond.phase`.
        package let phase: String
        package let isWarmup: Bool
        /// When it began, in seconds of the run.
        package let start: Double
        /// How long it is, in seconds.
        package let length: Double
        package let totals: Totals
    }
}
