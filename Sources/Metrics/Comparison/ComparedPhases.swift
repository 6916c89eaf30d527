/// Which phases of the load are compared, and how much each counts.
///
/// Percentiles are those of all phases together, so the phases have to make up the same shares of both sides: a hot phase
/// that one run has for longer, or was killed in, would be a difference of the servers otherwise. And each has to have
/// blocks enough in every run: of one block alone nobody knows how the next would differ, and a high percentile that a
/// short hot phase makes would look certain.
struct ComparedPhases: Sendable {
    /// Their places in the load.
    let phases: Set<Int>
    /// Whether noise can be told from a difference; else what there is in every run is shown, and not judged.
    let isEnough: Bool
    /// Which steady phases are left out, and why, as sentences.
    private(set) var warnings: [String] = []
    private(set) var notes: [String] = []
    /// The seconds of each phase that every run has at the least.
    private let least: [Int: Int]

    init(base: [ComparedRun], new: [ComparedRun]) {
        let runs = base + new
        // With three runs a side the runs tell their noise, however short they are.
        let needed = min(base.count, new.count) >= SteadyTime.fewestBlocks ? 1 : SteadyTime.fewestBlocks
        var least: [Int: Int] = [:]
        var fewest: [Int: (run: ComparedRun, blocks: Int)] = [:]
        for phase in Set(runs.flatMap(\.steady.phases)) {
            least[phase] = runs.map { $0.steady.seconds(of: phase) }.min()
            fewest[phase] = runs.map { (run: $0, blocks: $0.steady.blockCount(of: phase)) }.min {
                $0.blocks < $1.blocks
            }
        }
        let enough = fewest.filter { $0.value.blocks >= needed }.keys
        isEnough = !enough.isEmpty
        phases = Set(isEnough ? Array(enough) : fewest.filter { $0.value.blocks > 0 }.map(\.key))
        self.least = least
        guard isEnough else { return }
        warnings = fewest.filter { !phases.contains($0.key) }.sorted { $0.key < $1.key }
            .map { Self.leftOut($0.key, $0.value.run, blocks: $0.value.blocks, needed: needed) }
        if hasOtherShares(runs) {
            notes.append(
                "the runs have the phases for different times; each phase counts as much on both sides, as if all had been "
                    + "as long as the shortest"
            )
        }
    }

    /// How much a block of a phase of a run counts.
    func weight(of phase: Int, in run: ComparedRun) -> Double {
        Double(least[phase] ?? 0) / Double(max(run.steady.seconds(of: phase), 1))
    }

    /// Whether the phases' shares differ by more than a few seconds that a block takes or leaves.
    private func hasOtherShares(_ runs: [ComparedRun]) -> Bool {
        runs.contains { run in
            let weights = phases.map { weight(of: $0, in: run) }
            return (weights.min() ?? 1) < 0.9 * (weights.max() ?? 1)
        }
    }

    private static func leftOut(_ phase: Int, _ run: ComparedRun, blocks: Int, needed: Int) -> String {
        let load = run.run.load
        var name = "phase \(phase + 1)"
        if load.indices.contains(phase) {
            let unit = load[phase].model == "arrivals" ? "arrivals a second" : "clients"
            name += load[phase].name.map { " `\($0)`" } ?? ""
            name += " (\(ValueText.number(load[phase].to)) \(unit))"
        }
        let has = blocks == 0 ? "no block" : "\(blocks) block\(blocks == 1 ? "" : "s")"
        let wanted =
            needed == 1
            ? "one is needed in every run"
            : "noise is told from \(needed) (\(SteadyTime.shortestPhase) s of the phase), or from three runs a side"
        return
            "\(name) is left out of all figures: \(run.directory) has \(has) of \(SteadyTime.blockLength) s of it, and "
            + wanted
    }
}
