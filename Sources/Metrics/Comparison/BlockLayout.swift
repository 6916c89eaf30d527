/// How the blocks of one side fall into runs and steady phases.
///
/// Blocks of one run and one phase are exchangeable with one another, those of two phases are not: more clients make
/// other latencies, and that is no noise. So blocks are drawn within their stratum, a phase of a run.
struct BlockLayout: Hashable, Sendable {
    /// The run of each block, counted from 0, ascending.
    let runs: [Int]
    /// The stratum of each block, counted from 0, ascending.
    let strata: [Int]
    /// How much each block counts: 1 where a phase is as long in all runs.
    let weights: [Double]

    init(runs: [Int], strata: [Int], weights: [Double]? = nil) {
        self.runs = runs
        self.strata = strata
        self.weights = weights ?? Array(repeating: 1, count: runs.count)
    }

    var count: Int { runs.count }
    var runCount: Int { (runs.last ?? -1) + 1 }
    var stratumCount: Int { (strata.last ?? -1) + 1 }
    /// What is left of the blocks to tell their variance from.
    var degreesOfBlocks: Int { count - stratumCount }
    var degreesOfRuns: Int { runCount - 1 }

    /// The places of each stratum's blocks.
    var ranges: [Range<Int>] { Self.ranges(of: strata) }
    /// The places of each run's blocks.
    var runRanges: [Range<Int>] { Self.ranges(of: runs) }

    private static func ranges(of numbers: [Int]) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start = 0
        for place in numbers.indices where place + 1 == numbers.count || numbers[place + 1] != numbers[place] {
            ranges.append(start..<(place + 1))
            start = place + 1
        }
        return ranges
    }
}
