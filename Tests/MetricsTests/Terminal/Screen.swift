/// A terminal that knows as much as the live view asks of one: line ends, two ways to clear, one to go up, colours.
///
/// As nearly all do it wraps lines again where it becomes narrower. As tmux does it keeps what it shows, above, when it is
/// cleared from its first row and column on.
struct Screen {
    private(set) var columns: Int
    private(set) var rows: Int
    /// The line in the first row; those before have been scrolled away.
    private var top = 0
    /// Every line that a line end has ended, and the one with the cursor; as many as there ever were.
    private var lines: [[Character]] = [[]]
    /// Whether a line goes on in the next one, for it is longer than the screen is wide.
    private var isWrapped: [Bool] = [false]
    private var row = 0
    private var column = 0
    /// What it did not understand.
    private(set) var unknown: [String] = []

    init(columns: Int, rows: Int = 50) {
        self.columns = columns
        self.rows = rows
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
                goDown()
            case "\u{1B}": obey(&rest)
            default: put(Character(scalar))
            }
        }
    }

    /// What is below the last row moves up, and the first rows away.
    mutating func resize(rows: Int) {
        self.rows = rows
        top = max(top, row - rows + 1)
    }

    private mutating func goDown() {
        row += 1
        if row == lines.count {
            lines.append([])
            isWrapped.append(false)
        }
        top = max(top, row - rows + 1)
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
        top = max(min(top, row), row - rows + 1)
    }

    private mutating func put(_ character: Character) {
        if column == columns {
            isWrapped[row] = true
            column = 0
            goDown()
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
            case "A": row = max(top, row - (Int(number) ?? 1))
            case "K":
                lines[row] = Array(lines[row].prefix(column))
                isWrapped[row] = false
            case "J" where row == top && column == 0 && lines[top...].contains { !$0.isEmpty }:
                while lines.count > top, lines.last == [] {
                    lines.removeLast()
                    isWrapped.removeLast()
                }
                top = lines.count
                row = top
                lines.append([])
                isWrapped.append(false)
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
