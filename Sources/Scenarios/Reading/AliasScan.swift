/// A rough look at how a YAML text uses aliases, before it is parsed.
///
/// It knows nothing of quotes and comments, so it may count too much, never too little.
struct AliasScan {
    /// How many `*name` there may be.
    private(set) var aliases = 0
    /// A line that may have an alias, a list or a map as its key.
    private(set) var lineOfCollectionKey: Int?

    init(_ text: String) {
        let bytes = Array(text.utf8)
        var line = 1
        var inAlias = false
        var lastVisible = UInt8(ascii: "\n")
        for (index, byte) in bytes.enumerated() {
            let next = index + 1 < bytes.count ? bytes[index + 1] : UInt8(ascii: "\n")
            switch byte {
            case UInt8(ascii: "\n"):
                line += 1
                inAlias = false
            case UInt8(ascii: "*") where Self.isNameByte(next):
                aliases += 1
                inAlias = true
            case UInt8(ascii: "?") where !Self.isNameByte(next) && next != byte && lastVisible != byte:
                lineOfCollectionKey = lineOfCollectionKey ?? line
            case UInt8(ascii: ":") where inAlias || [UInt8(ascii: "]"), UInt8(ascii: "}")].contains(lastVisible):
                lineOfCollectionKey = lineOfCollectionKey ?? line
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
                continue
            default:
                inAlias = inAlias && Self.isNameByte(byte)
            }
            lastVisible = byte
        }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), 0x80...:
            true
        default:
            false
        }
    }
}
