/// Text of a peer, made fit to stand in a file or on a terminal.
enum EscapedText {
    /// The text with its control characters written as escapes, cut at `limit` bytes between characters.
    ///
    /// A cut is shown by an ellipsis, which is within the limit. Besides the control characters of ASCII those of
    /// Latin-1 and the marks that turn the direction of writing are escaped: terminals obey both.
    static func make(_ text: String, limit: Int) -> String {
        var escaped = ""
        var length = 0
        var cut: String.Index?
        for scalar in text.unicodeScalars {
            let piece = escape(scalar)
            let size = piece.utf8.count
            if length + size > limit {
                let kept = cut.map { String(escaped[..<$0]) } ?? ""
                return kept + "…"
            }
            escaped += piece
            length += size
            if length <= limit - 3 { cut = escaped.endIndex }
        }
        return escaped
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        switch scalar.value {
        case 0x0A: "\\n"
        case 0x0D: "\\r"
        case 0x09: "\\t"
        case 0..<0x20, 0x7F..<0xA0, 0x200E...0x200F, 0x202A...0x202E, 0x2028...0x2029, 0x2066...0x2069:
            "\\u{\(String(scalar.value, radix: 16))}"
        default: String(scalar)
        }
    }
}
