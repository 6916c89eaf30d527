/// A terminal that knows as much as the live view asks of one: line ends, two ways to clear, one to go up, colours.
///
/// As nearly all do it wraps lines again where it becomes narrower.
struct Screen {
    private(set) var columns: Int
    /// Every line that a line end has ended, and the one with the cursor; as many as there ever were.
    private var lines: [[Character]] = [[]]
    /// Whether a line goes on in the next one, for it is longer than the screen is wide.
    private var isWrapped: [Bool] = [false]
    private var row = 0
    private var column = 0
    /// What it did not understand.
    private(set) var unknown: [String] = []

    init(columns: Int) {
        self.columns = columns
    }

    /// What is seen, without what is blank at the ends.
    var text: [String] {
        var texts = lines.map { line in
            var text = String(line)
            while text.last == " " { text.removeLast() }
            return text
        }
        while texts.last == "" { texts.removeLast() }
        return texts
    }

    mutating func write(_ text: String) {
        var rest = Array(text.unicodeScalars)[...]
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\r": column = 0
            case "\n":
                row += 1
                if row == lines.count {
                    lines.append([])
                    isWrapped.append(false)
                }
            case "\u{1B}": obey(&rest)
            default: put(Character(scalar))
            }
        }
    }

    mutating func resize(columns: Int) {
        var texts: [[Character]] = []
        var cursor = 0
        for (place, line) in lines.enumerated() {
            if place == row { cursor = texts.count }
            if place > 0, isWrapped[place - 1] { texts[texts.count - 1] += line } else { texts.append(line) }
        }
        self.columns = columns
        lines = []
        isWrapped = []
        for (place, text) in texts.enumerated() {
            if place == cursor { row = lines.count }
            let pieces = stride(from: 0, to: max(text.count, 1), by: columns).map {
                Array(text[$0..<min($0 + columns, text.count)])
            }
            lines += pieces
            isWrapped += pieces.indices.map { $0 < pieces.count - 1 }
        }
    }

    private mutating func put(_ character: Character) {
        if column == columns {
            isWrapped[row] = true
            column = 0
            row += 1
            if row == lines.count {
                lines.append([])
                isWrapped.append(false)
            }
        }
        while lines[row].count <= column { lines[row].append(" ") }
        lines[row][column] = character
        column += 1
    }

    private mutating func obey(_ rest: inout ArraySlice<Unicode.Scalar>) {
        guard rest.popFirst() == "[" else { return unknown.append("escape") }
        var number = ""
        while let scalar = rest.popFirst() {
            if ("0"..."9").contains(scalar) || scalar == ";" {
                number.unicodeScalars.append(scalar)
                continue
            }
            switch scalar {
            case "A": row = max(0, row - (Int(number) ?? 1))
            case "K": lines[row] = Array(lines[row].prefix(column))
            case "J":
                lines[row] = Array(lines[row].prefix(column))
                lines.removeSubrange((row + 1)...)
                isWrapped.removeSubrange((row + 1)...)
                isWrapped[row] = false
            case "m": break
            default: unknown.append("\(number)\(scalar)")
            }
            return
        }
    }
}
