/// How to run the same again.
struct ReproduceSection {
    let figures: ReportFigures

    private var run: RunFile { figures.run.run }

    /// Longer texts of scenarios are cut; run.json has them whole.
    private static let textLimit = 60_000

    var section: ReportSection { ReportSection(id: "reproduce", title: "How to run it again", body: body) }

    private var body: HTMLText {
        var html: HTMLText = "<pre class=\"wrap\"><code>\(ReportText.shell(words))</code></pre>\n"
        if words.contains(where: { $0.contains(Redactor.mark) }) {
            html += "<p class=\"muted\">What was secret is taken out: put it in again.</p>\n"
        }
        if !run.environment.isEmpty {
            let names = run.environment.map { "<code>\($0)</code>" as HTMLText }
            html += """
                <p>The scenario reads \(HTMLText(run.environment.count == 1 ? "the environment variable" : "the environment variables")) \
                \(names.joined(separator: ", ")); \(HTMLText(run.environment.count == 1 ? "its value is" : "their values are")) not kept.</p>

                """
        }
        guard !run.text.isEmpty else { return html }
        let bytes = run.text.utf8.count
        let text =
            bytes <= Self.textLimit ? run.text : String(decoding: run.text.utf8.prefix(Self.textLimit), as: UTF8.self)
        let cut: HTMLText =
            bytes <= Self.textLimit
            ? ""
            : "<p class=\"about\">The first \(Self.textLimit) of \(bytes) bytes; <code>run.json</code> has all.</p>\n"
        return html + """
            <details><summary>The scenario, <code>\(run.file)</code></summary>
            <pre><code>\(text)</code></pre>
            \(cut)</details>

            """
    }

    /// The command line, with the seed that it had.
    private var words: [String] {
        var words = ["reprise"] + run.options
        let hasSeed = words.contains { $0 == "--seed" || $0.hasPrefix("--seed=") }
        if !hasSeed { words += ["--seed", String(run.seed)] }
        return words
    }
}
