/// The loops of a run in bounded memory: how many ended how, the first ones, and the longest.
///
/// All of them stand in loops.csv.
package struct LoopTally: Sendable {
    /// How many tasks of one name ended in one way.
    package struct Count: Hashable, Sendable {
        package let task: String
        package let outcome: PlanOutcome
        package internal(set) var count: Int
    }

    /// How many of the first ones are kept.
    package static let limit = 20

    package private(set) var counts: [Count] = []
    package private(set) var first: [LoopLine] = []
    /// The one with the most plans.
    package private(set) var longest: LoopLine?

    /// The first that ran away, with its steps.
    package private(set) var firstRunaway: LoopLine?

    package init() {}

    package mutating func add(_ loop: LoopLine) {
        if loop.outcome == .runaway, firstRunaway == nil { firstRunaway = loop }
        var loop = loop
        loop.steps = []
        if let index = counts.firstIndex(where: { $0.task == loop.task && $0.outcome == loop.outcome }) {
            counts[index].count += 1
        } else {
            counts.append(Count(task: loop.task, outcome: loop.outcome, count: 1))
        }
        if first.count < Self.limit { first.append(loop) }
        if loop.plans > longest?.plans ?? -1 { longest = loop }
    }

    package var total: Int { counts.reduce(0) { $0 + $1.count } }
}
