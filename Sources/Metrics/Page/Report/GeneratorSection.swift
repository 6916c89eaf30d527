/// Whether the machine that made the load kept up with it.
struct GeneratorSection {
    let figures: ReportFigures

    var section: ReportSection { ReportSection(id: "generator", title: "The generator's health", body: body) }

    private var body: HTMLText {
        guard let generator = figures.summary?.generator else { return "" }
        var terms: [(HTMLText, HTMLText)] = []
        let lag = [("p50", generator.lagP50), ("p99", generator.lagP99), ("max", generator.lagMax)].compactMap {
            name,
            value in
            value.map { "\(name) \(ReportText.text($0, "ms"))" }
        }
        if !lag.isEmpty { terms.append(("lag of event loops", HTMLText(lag.joined(separator: ", ")))) }
        if let stalled = generator.stalledSeconds {
            terms.append(("stood still", HTMLText("\(ReportText.seconds(stalled)), summed over threads")))
        }
        terms.append(
            ("sends that left late", HTMLText("\(ValueText.grouped(generator.lateSends)), by more than 10 ms"))
        )
        if let cpu = generator.cpu, let cores = generator.cores {
            var text = "\(ValueText.percent(cpu)) of \(ReportText.plural(cores, "core"))"
            if let thread = generator.busiestThread {
                text += "; the busiest thread used \(ValueText.percent(thread)) of one"
            }
            terms.append(("processor", HTMLText(text)))
        }
        if let memory = generator.memoryBytes {
            terms.append(("memory at the most", HTMLText(ValueText.bytes(Double(memory)))))
        }
        if let descriptors = generator.descriptors {
            terms.append(("descriptors at the most", ReportText.count(descriptors)))
        }
        let items = terms.map { "<dt>\($0.0)</dt><dd>\($0.1)</dd>\n" as HTMLText }
        return """
            <p class="muted">What the generator itself was late is part of every time above. Where the p99 of its lag is above 10 ms, or \
            above a tenth of the smallest p99 that a check reads, the figures are not to be trusted and the run fails.</p>
            <dl class="terms">
            \(items.joined())</dl>

            """
    }
}
