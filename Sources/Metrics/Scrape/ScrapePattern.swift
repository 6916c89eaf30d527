/// Which of a server's series are kept: `--scrape-only`.
package struct ScrapePattern: Hashable, Sendable {
    private let pattern: [UInt8]
    private let isGlob: Bool
    private let readsLabels: Bool

    /// - Parameter text: The start of a name; or with `*` and `?` a whole name; or with `{` a whole series as the timeline
    ///   writes it, with its labels.
    package init(_ text: String) {
        pattern = Array(text.utf8)
        isGlob = text.contains("*") || text.contains("?")
        readsLabels = text.contains("{")
    }

    /// Whether the name can belong to a series that is kept.
    func mayMatch(name: String) -> Bool {
        guard readsLabels else { return matches(name) }
        let ofName = pattern.prefix { $0 != UInt8(ascii: "{") }
        return Self.matches(Array(name.utf8), ofName[...])
    }

    func matches(name: String, series: String) -> Bool {
        matches(readsLabels ? series : name)
    }

    /// Whether buckets are asked for by name; they are left out otherwise.
    var wantsBuckets: Bool {
        String(decoding: pattern, as: UTF8.self).contains("_bucket")
    }

    private func matches(_ text: String) -> Bool {
        if !isGlob { return text.utf8.starts(with: pattern) }
        return Self.matches(Array(text.utf8), pattern[...])
    }

    /// `*` stands for any text, `?` for one byte.
    private static func matches(_ text: [UInt8], _ pattern: ArraySlice<UInt8>) -> Bool {
        var here = 0
        var place = pattern.startIndex
        var star: (place: Int, here: Int)?
        while here < text.count {
            if place < pattern.endIndex, pattern[place] == UInt8(ascii: "*") {
                star = (place, here)
                place += 1
            } else if place < pattern.endIndex, pattern[place] == text[here] || pattern[place] == UInt8(ascii: "?") {
                place += 1
                here += 1
            } else if let last = star {
                place = last.place + 1
                here = last.here + 1
                star = (last.place, here)
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
