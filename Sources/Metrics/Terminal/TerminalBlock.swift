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
        var text = columns == self.columns ? toTop(columns: columns) : erase(columns: columns)
        for (place, line) in lines.enumerated() {
            text += (place == 0 ? "" : "\r\n") + line.text(usesColours: usesColours) + "\u{1B}[K"
        }
        // What is left of more lines before, and back to the first column.
        text += "\u{1B}[J\r"
        drawn = lines.map(\.columns)
        self.columns = columns
        return text
    }

    /// What takes the lines away; the cursor is where the first of them began.
    package mutating func erase(columns: Int) -> String {
        guard !drawn.isEmpty else { return "" }
        let text = toTop(columns: columns) + "\u{1B}[J"
        drawn = []
        return text
    }

    /// Moves the cursor to the first column of the first line.
    ///
    /// Where the terminal has become narrower it has wrapped the lines that are wider than it, as nearly all do.
    private func toTop(columns: Int) -> String {
        let columns = max(columns, 1)
        let rows = drawn.dropLast().reduce(0) { $0 + max(1, ($1 + columns - 1) / columns) }
        return rows > 0 ? "\r\u{1B}[\(rows)A" : "\r"
    }
}
