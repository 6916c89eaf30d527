/// Lines at the end of what a terminal shows that are drawn over themselves; values only, whoever has the terminal writes
/// the texts to it.
///
/// The cursor stands at the first column of the last line meanwhile, and is never hidden: whatever ends the process, the
/// terminal is usable.
package struct TerminalBlock: Sendable {
    /// The columns that each line took when it was drawn.
    private var drawn: [Int] = []
    private var columns = 0

    package init() {}

    package var isEmpty: Bool { drawn.isEmpty }

    /// What draws these lines where the ones before stand.
    ///
    /// - Parameters:
    ///   - lines: as many as the terminal has rows at the most; longer ones are cut.
    ///   - columns: how wide the terminal is now.
    package mutating func draw(_ lines: [LiveLine], columns: Int, usesColours: Bool) -> String {
        // A line that fills the last column would leave some terminals in the next one.
        let lines = lines.map { $0.cut(max(columns - 1, 1)) }
        var text: String
        if columns == self.columns, lines.count >= drawn.count {
            text = toTop(columns: columns)
        } else {
            text = erase(columns: columns)
        }
        for (place, line) in lines.enumerated() {
            text += (place == 0 ? "" : "\r\n") + line.text(usesColours: usesColours) + "\u{1B}[K"
        }
        // Back to the first column.
        text += "\r"
        drawn = lines.map(\.columns)
        self.columns = columns
        return text
    }

    /// What takes the lines away; the cursor is where the first of them began.
    ///
    /// Line by line: some terminals (tmux) keep all that they show when they are cleared from their first row on.
    package mutating func erase(columns: Int) -> String {
        guard let last = drawn.last else { return "" }
        let above = rows(drawn.dropLast(), columns)
        let steps = above > 0 ? above : rows([last], columns) - 1
        var text = toTop(columns: columns) + String(repeating: "\u{1B}[K\n", count: steps)
        // Below the last line is what it may have been wrapped to.
        text += steps > 0 ? "\u{1B}[J\u{1B}[\(steps)A" : "\u{1B}[K"
        drawn = []
        return text
    }

    /// Moves the cursor to the first column of the first line.
    ///
    /// Where the terminal has become narrower it has wrapped the lines that are wider than it, as nearly all do.
    private func toTop(columns: Int) -> String {
        let above = rows(drawn.dropLast(), columns)
        return above > 0 ? "\r\u{1B}[\(above)A" : "\r"
    }

    private func rows(_ widths: some Sequence<Int>, _ columns: Int) -> Int {
        let columns = max(columns, 1)
        return widths.reduce(0) { $0 + max(1, ($1 + columns - 1) / columns) }
    }
}
