extension Comparison {
    /// Compares the runs of two sides, which have to be comparable (`Comparability`).
    package init(base: [ComparedRun], new: [ComparedRun], settings: ComparisonSettings = ComparisonSettings()) {
        let phases = ComparedPhases(base: base, new: new)
        let first = ComparedSide(base, phases: phases, draws: settings.draws, seed: settings.seed)
        let second = ComparedSide(new, phases: phases, draws: settings.draws, seed: settings.seed ^ 0xBA5E)
        let builder = FigureBuilder(base: first, new: second, isEnough: phases.isEnough, settings: settings)
        let comparability = Comparability(base: base, new: new)
        self.init(
            settings: settings,
            base: base,
            new: new,
            sides: (first, second),
            figures: Self.judged(builder.figures, settings).sorted(by: Self.isMoreImportant),
            onlyBase: Self.names(first.metrics, without: second.metrics, settings),
            onlyNew: Self.names(second.metrics, without: first.metrics, settings),
            left: builder.left,
            warnings: comparability.warnings + phases.warnings,
            notes: phases.notes + comparability.notes,
            distrust: comparability.distrust,
            blocks: (first.layout.count, second.layout.count),
            isEnough: phases.isEnough
        )
    }

    /// Corrects the p-values of all judged figures for one another, and judges each.
    private static func judged(_ figures: [ComparedFigure], _ settings: ComparisonSettings) -> [ComparedFigure] {
        var figures = figures
        let family = figures.indices.filter { figures[$0].isJudged && figures[$0].difference != nil }
        let corrected = HolmCorrection.adjusted(family.compactMap { figures[$0].difference?.pValue })
        for (index, value) in zip(family, corrected) {
            figures[index].correctedPValue = value
            figures[index].judge(tolerance: settings.tolerance, confidence: settings.confidence)
        }
        return figures
    }

    private static func names(
        _ metrics: Set<StoredTimeline.Key>,
        without others: Set<StoredTimeline.Key>,
        _ settings: ComparisonSettings
    ) -> [String] {
        metrics.subtracting(others)
            .filter { $0.group == "all" && (!MetricChoice.isPart($0.metric) || settings.metrics.contains($0.metric)) }
            .map(\.metric).sorted()
    }

    /// What is worse comes first, then what is better, what is the same, what is not judged; of these what checks
    /// read, then by name.
    private static func isMoreImportant(_ first: ComparedFigure, _ second: ComparedFigure) -> Bool {
        func rank(_ figure: ComparedFigure) -> Int {
            if figure.verdict.isWorse { return 0 }
            if figure.verdict.isBetter { return 1 }
            if figure.isJudged { return 2 }
            return figure.group == "all" ? 3 : 4
        }
        func size(_ figure: ComparedFigure) -> Double {
            rank(figure) < 2 ? -abs(figure.change ?? .infinity) : 0
        }
        let one = (rank(first), first.isChecked ? 0 : 1, size(first))
        let other = (rank(second), second.isChecked ? 0 : 1, size(second))
        if one != other { return one < other }
        return (first.group, first.metric, first.statistic.rawValue)
            < (second.group, second.metric, second.statistic.rawValue)
    }
}
