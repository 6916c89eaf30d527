package import Metrics

/// What a run was, once it is over.
package struct RunResult: Sendable {
    package var totals: RunTotals
    /// The person or a check ended it before its time.
    package var ending: Ending
    /// Some connection to the target was opened.
    package var reachedTarget: Bool
    /// The tasks that did not complete.
    package var loops: LoopTally
    /// From the start of the load to the last client's end, in seconds.
    package var seconds: Double
    /// The faults of the run's clock that began, in order.
    package var faults: [FaultMark]
    /// What a report has to say about the network.
    package var networkNotes: [String]
    /// What servers said of themselves; nil where none was asked.
    package var scraped: ScrapedFigures?
    /// What a report has to say about pushing figures and reading servers' metrics.
    package var sideNotes: [String] = []

    /// How it ended.
    package enum Ending: Hashable, Sendable {
        case complete
        case interrupted
        /// A check or a step asked for it; the sentence says which.
        case aborted(String)
    }
}

/// What somebody wants to know of a run while it goes on; called from one place at a time.
package protocol RunObserver: AnyObject, Sendable {
    /// The load is about to start.
    ///
    /// - Throws: Whatever keeps the run from starting.
    func started(_ start: RunStart) throws
    /// A second is over.
    func second(_ second: TimelineSecond, totals: RunTotals)
    /// Tasks ended otherwise than completed.
    func loops(_ loops: [LoopLine])
    /// A client has failed that is to be kept.
    func kept(_ client: KeptClient)
    /// A fault of the run's clock happened, or a command of it ended.
    func happened(_ news: FaultNews)
    /// Something beside the load does not work; the run goes on.
    func warned(_ sentence: String)
    /// The load is over, and the end of the run waits for something.
    func waits(_ sentence: String)
    /// Whether to end the run, and the check that asks for it.
    func abortion(totals: RunTotals, after seconds: Double) -> String?
}

extension RunObserver {
    package func happened(_ news: FaultNews) {}
    package func warned(_ sentence: String) {}
    package func waits(_ sentence: String) {}
    package func kept(_ client: KeptClient) {}
}

/// What is known when the load is about to start.
package struct RunStart: Sendable {
    package var epochMilliseconds: Int64
    /// Where each group's clients go, in words.
    package var targets: [String]
    package var table: MetricTable

    /// Where clients go, each once.
    package var distinctTargets: [String] { Self.distinct(targets) }

    /// The texts in their order, each once.
    package static func distinct(_ targets: [String]) -> [String] {
        var distinct: [String] = []
        for target in targets where !distinct.contains(target) { distinct.append(target) }
        return distinct
    }
}
