/// One line of the live view: pieces of text with their colours, which are cut and shown as a whole.
package struct LiveLine: Hashable, Sendable {
    struct Piece: Hashable, Sendable {
        var text: String
        var colour: TerminalText.Colour?
    }

    private(set) var pieces: [Piece] = []

    init() {}

    init(_ text: String, _ colour: TerminalText.Colour? = nil) {
        add(text, colour)
    }

    /// Adds a text; what a terminal would obey in it is escaped.
    mutating func add(_ text: String, _ colour: TerminalText.Colour? = nil) {
        guard !text.isEmpty else { return }
        pieces.append(Piece(text: EscapedText.make(text, limit: 600), colour: colour))
    }

    var columns: Int { pieces.reduce(0) { $0 + DisplayWidth.of($1.text) } }

    /// At most so many columns, with an ellipsis where something is cut.
    func cut(_ columns: Int) -> LiveLine {
        guard self.columns > columns else { return self }
        var cut = LiveLine()
        var room = columns
        for piece in pieces {
            let width = DisplayWidth.of(piece.text)
            guard width < room else {
                // As if the piece were longer, so that the ellipsis stands where the line goes on.
                cut.pieces.append(Piece(text: DisplayWidth.cut(piece.text + "  ", room), colour: piece.colour))
                return cut
            }
            cut.pieces.append(piece)
            room -= width
        }
        return cut
    }

    /// The text without colours.
    package var text: String { pieces.map(\.text).joined() }

    /// The text as a terminal takes it.
    func text(usesColours: Bool) -> String {
        pieces.map { piece in
            piece.colour.map { TerminalText.coloured(piece.text, $0, if: usesColours) } ?? piece.text
        }
        .joined()
    }
}
