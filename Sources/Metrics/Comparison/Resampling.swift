/// How often each block of one side is taken, draw by draw: the bootstrap, made once for all figures.
///
/// Rows of `count` whole numbers, one row per draw.
struct Resampling: Sendable {
    let blocks: Int
    let draws: Int
    /// As floating-point numbers, since they multiply counts.
    let weights: [Double]

    /// Draws as many blocks as a stratum has, with replacement, in each stratum.
    init(blocksOf layout: BlockLayout, draws: Int, seed: UInt64) {
        self.init(layout: layout, draws: draws, seed: seed) { row, random in
            for range in layout.ranges {
                for _ in range { row[Int.random(in: range, using: &random)] += 1 }
            }
        }
    }

    /// Draws as many runs as there are, with replacement, and takes each with all its blocks.
    ///
    /// Blocks are not drawn again within the runs: the variance between runs as they were measured already holds that
    /// of their blocks (Davison and Hinkley 1997, 3.8).
    init(runsOf layout: BlockLayout, draws: Int, seed: UInt64) {
        let runs = layout.runRanges
        self.init(layout: layout, draws: draws, seed: seed) { row, random in
            for _ in runs {
                for block in runs[Int.random(in: runs.indices, using: &random)] { row[block] += 1 }
            }
        }
    }

    private init(
        layout: BlockLayout,
        draws: Int,
        seed: UInt64,
        draw: (inout [Double], inout ComparisonRandom) -> Void
    ) {
        blocks = layout.count
        self.draws = draws
        var random = ComparisonRandom(seed: seed)
        var weights: [Double] = []
        weights.reserveCapacity(blocks * draws)
        var row = [Double](repeating: 0, count: blocks)
        for _ in 0..<draws {
            for place in row.indices { row[place] = 0 }
            draw(&row, &random)
            for place in row.indices { row[place] *= layout.weights[place] }
            weights += row
        }
        self.weights = weights
    }
}
