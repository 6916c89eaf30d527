/// A page read as strictly as nobody reads HTML: every attribute in quotes, every element closed where it has to be.
///
/// What breaks out of its place shows as a tag, an attribute or an end that nobody wrote.
struct PageReading {
    private(set) var problems: [String] = []
    /// How often each element is there.
    private(set) var elements: [String: Int] = [:]
    private(set) var ids: [String] = []
    /// Where links within the page lead.
    private(set) var anchors: [String] = []
    /// The names of all attributes.
    private(set) var attributes: Set<String> = []
    /// What stands between tags, the entities resolved; without scripts and styles.
    private(set) var text = ""

    private static let void: Set<String> = ["meta", "br", "wbr", "link", "img", "hr", "input"]

    private let bytes: [UInt8]
    private var place = 0
    private var open: [String] = []

    init(_ html: String) {
        bytes = Array(html.utf8)
        while place < bytes.count { read() }
        text = Self.resolved(text)
        for element in open { problems.append("<\(element)> is never closed") }
        if Set(ids).count < ids.count { problems.append("ids are not unique") }
        for anchor in anchors where !ids.contains(anchor) { problems.append("#\(anchor) leads nowhere") }
    }

    private mutating func read() {
        guard bytes[place] == UInt8(ascii: "<") else {
            let end = bytes[place...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
            let words = String(decoding: bytes[place..<end], as: UTF8.self)
            if words.contains(">") { problems.append("a > stands alone in \(words.prefix(80))") }
            text += words
            place = end
            return
        }
        if starts(with: "<!doctype html>") {
            place += 15
        } else if starts(with: "</") {
            readEnd()
        } else {
            readStart()
        }
    }

    private mutating func readEnd() {
        guard let end = bytes[place...].firstIndex(of: UInt8(ascii: ">")) else {
            problems.append("an end tag does not end")
            place = bytes.count
            return
        }
        let name = String(decoding: bytes[(place + 2)..<end], as: UTF8.self)
        if open.last == name { open.removeLast() } else { problems.append("</\(name)> within <\(open.last ?? "")>") }
        place = end + 1
    }

    private mutating func readStart() {
        place += 1
        let name = word()
        if name.isEmpty { problems.append("a < stands alone") }
        elements[name, default: 0] += 1
        while place < bytes.count {
            while place < bytes.count, bytes[place] == UInt8(ascii: " ") { place += 1 }
            if starts(with: "/>") {
                place += 2
                return
            }
            if starts(with: ">") {
                place += 1
                break
            }
            guard readAttribute() else {
                problems.append(
                    "no attribute in <\(name)>: \(String(decoding: bytes[place...].prefix(60), as: UTF8.self))"
                )
                place = bytes.count
                return
            }
        }
        if Self.void.contains(name) { return }
        open.append(name)
        if name == "script" || name == "style" { skip(to: "</\(name)>") }
    }

    private mutating func readAttribute() -> Bool {
        let name = word()
        guard !name.isEmpty else { return false }
        attributes.insert(name)
        guard starts(with: "=\"") else { return true }
        place += 2
        guard let end = bytes[place...].firstIndex(of: UInt8(ascii: "\"")) else { return false }
        let value = String(decoding: bytes[place..<end], as: UTF8.self)
        if value.contains("<") { problems.append("a < stands in an attribute: \(value.prefix(80))") }
        if name == "id" { ids.append(value) }
        if name == "href" {
            if value.hasPrefix("#") {
                anchors.append(String(value.dropFirst()))
            } else {
                problems.append("a link leads out: \(value)")
            }
        }
        place = end + 1
        return true
    }

    private mutating func word() -> String {
        let start = place
        while place < bytes.count, !" =>/\"\n<".utf8.contains(bytes[place]) { place += 1 }
        return String(decoding: bytes[start..<place], as: UTF8.self)
    }

    private mutating func skip(to end: String) {
        while place < bytes.count, !starts(with: end) {
            place = bytes[(place + 1)...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
        }
    }

    private func starts(with text: String) -> Bool {
        bytes.count - place >= text.utf8.count && bytes[place] == text.utf8.first
            && bytes[place...].starts(with: text.utf8)
    }

    private static func resolved(_ text: String) -> String {
        let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
        return entities.reduce(text) { $0.replacing($1.0, with: $1.1) }
    }
}
