/// The draws of one side: of blocks within their strata, and of whole runs where there are several.
struct SideDraws: Sendable {
    let blocks: Resampling?
    let runs: Resampling?

    init(_ layout: BlockLayout, draws: Int, seed: UInt64) {
        blocks = layout.degreesOfBlocks > 0 ? Resampling(blocksOf: layout, draws: draws, seed: seed) : nil
        runs = layout.degreesOfRuns > 0 ? Resampling(runsOf: layout, draws: draws, seed: seed ^ 0x5EED) : nil
    }
}
