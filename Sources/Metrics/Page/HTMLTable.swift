/// A table with named columns, whose first column names the rows; where it is too wide it scrolls within its own box.
package struct HTMLTable: Sendable {
    package struct Column: Sendable {
        package var title: HTMLText
        /// Numbers stand to the right.
        package var isNumeric: Bool

        /// A column of numbers.
        package static func number(_ title: HTMLText) -> Column { Column(title: title, isNumeric: true) }

        package static func text(_ title: HTMLText) -> Column { Column(title: title, isNumeric: false) }
    }

    /// Rows under a heading of their own; without one they follow the others.
    package struct Part: Sendable {
        package var title: HTMLText?
        package var rows: [[HTMLText]]
    }

    /// What it is a table of, for those who hear it.
    package var label: String
    package var columns: [Column]
    package var parts: [Part]
    /// Beside `figures`.
    package var style: String

    package init(_ label: String, _ columns: [Column], style: String = "") {
        self.label = label
        self.columns = columns
        self.style = style
        parts = []
    }

    /// Adds a row: one cell for each column.
    package mutating func add(_ cells: [HTMLText]) {
        if parts.isEmpty { parts.append(Part(title: nil, rows: [])) }
        parts[parts.count - 1].rows.append(cells)
    }

    /// Begins rows under a heading.
    package mutating func begin(_ title: HTMLText) {
        parts.append(Part(title: title, rows: []))
    }

    package var isEmpty: Bool { parts.allSatisfy(\.rows.isEmpty) }

    package var html: HTMLText {
        let heads = columns.map { column -> HTMLText in
            column.isNumeric
                ? "<th scope=\"col\" class=\"n\">\(column.title)</th>" : "<th scope=\"col\">\(column.title)</th>"
        }
        let bodies = parts.filter { !$0.rows.isEmpty }.map { part -> HTMLText in
            let title = part.title.map { title -> HTMLText in
                "<tr class=\"part\"><th scope=\"rowgroup\" colspan=\"\(columns.count)\">\(title)</th></tr>\n"
            }
            return "<tbody>\n\(title)\(part.rows.map(row).joined())</tbody>\n"
        }
        let kind: HTMLText = style.isEmpty ? "figures" : "figures \(style)"
        return """
            <div class="scroll" tabindex="0" role="region" aria-label="\(label)">
            <table class="\(kind)">
            <thead><tr>\(heads.joined())</tr></thead>
            \(bodies.joined())</table>
            </div>

            """
    }

    private func row(_ cells: [HTMLText]) -> HTMLText {
        let cells = zip(columns, cells).enumerated().map { place, cell -> HTMLText in
            let (column, text) = cell
            if place == 0 { return "<th scope=\"row\">\(text)</th>" }
            return column.isNumeric ? "<td class=\"n\">\(text)</td>" : "<td>\(text)</td>"
        }
        return "<tr>\(cells.joined())</tr>\n"
    }
}
