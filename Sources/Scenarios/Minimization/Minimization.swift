import Wire

/// Cuts a scenario down while it keeps failing, one trial after the other: hierarchical delta debugging over its groups,
/// steps and values.
///
/// It makes no trial itself: it says what to try next, and is told whether that fails. What is no scenario is never tried,
/// what was tried is not tried again. Rounds over everything go on until one has changed nothing: then no
/// single step, and no single value, can go (1-minimal).
package struct Minimization: Sendable {
    /// What to try.
    package struct Candidate: Sendable {
        package var tree: ScenarioTree
        package var text: String
    }

    /// The smallest that failed so far.
    package private(set) var best: ScenarioTree
    /// A whole round has found nothing more to cut.
    package private(set) var isMinimal = false
    /// How many candidates were no scenarios.
    package private(set) var refusals = 0

    private let isScenario: @Sendable (_ text: String) -> Bool
    private var verdicts: [JSONValue: Bool] = [:]
    private var passes: [ReductionPass] = []
    private var hasChanged = false
    private var sweep: Sweep?
    private var candidate: ScenarioTree?

    /// Delta debugging within one pass.
    private struct Sweep {
        var base: ScenarioTree
        var reductions: [Reduction]
        /// Its parts are the reductions that are not made.
        var search: DeltaDebugging

        var tree: ScenarioTree? {
            guard let kept = search.candidate else { return nil }
            let unmade = Set(kept)
            return base.applying(reductions.enumerated().filter { !unmade.contains($0.offset) }.map(\.element))
        }
    }

    /// - Parameters:
    ///   - tree: What fails.
    ///   - isScenario: Whether a text can be run at all.
    package init(_ tree: ScenarioTree, isScenario: @escaping @Sendable (_ text: String) -> Bool) {
        best = tree
        self.isScenario = isScenario
        verdicts[tree.value] = true
        passes = ReductionPass.all(of: tree)
    }

    /// What to try next; nil when nothing more can be cut. The verdict has to be told before the next is asked for.
    package mutating func next() -> Candidate? {
        while !isMinimal {
            guard sweep != nil || beginSweep() else { continue }
            guard let tree = sweep?.tree else {
                sweep = nil
                continue
            }
            if let known = verdicts[tree.value] {
                decide(tree, fails: known)
                continue
            }
            let text = tree.text
            guard isScenario(text) else {
                refusals += 1
                verdicts[tree.value] = false
                decide(tree, fails: false)
                continue
            }
            candidate = tree
            return Candidate(tree: tree, text: text)
        }
        return nil
    }

    /// Takes the verdict on what `next` returned last.
    package mutating func take(fails: Bool) {
        guard let tree = candidate else { return }
        candidate = nil
        verdicts[tree.value] = fails
        decide(tree, fails: fails)
    }

    private mutating func decide(_ tree: ScenarioTree, fails: Bool) {
        if fails, tree.value != best.value {
            best = tree
            hasChanged = true
        }
        sweep?.search.take(fails: fails)
    }

    /// - Returns: Whether there is something to sweep over; if not, the next pass, or the next round, comes.
    private mutating func beginSweep() -> Bool {
        guard !passes.isEmpty else {
            if hasChanged {
                hasChanged = false
                passes = ReductionPass.all(of: best)
            } else {
                isMinimal = true
            }
            return false
        }
        let reductions = passes.removeFirst().reductions(of: best)
        guard !reductions.isEmpty else { return false }
        sweep = Sweep(base: best, reductions: reductions, search: DeltaDebugging(count: reductions.count))
        return true
    }
}

/// How large a scenario is.
package struct ScenarioSize: Hashable, Sendable {
    package var steps: Int
    package var values: Int

    package init(_ tree: ScenarioTree) {
        let parts = ScenarioParts(tree)
        steps = parts.steps.count
        values = parts.leaves
    }
}
