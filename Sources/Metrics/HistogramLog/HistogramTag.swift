import Foundation

/// What a line of a histogram log is of: `Tag=GROUP/METRIC`.
///
/// Whatever is not a letter, a digit or one of `-._~:` is percent-encoded, byte by byte: a tag may hold neither comma nor
/// blank nor the end of a line, and the slash is the separator.
struct HistogramTag: Hashable {
    let group: String
    let metric: String

    init(group: String, metric: String) {
        self.group = group
        self.metric = metric
    }

    /// Reads the first field of a line; nil where it is no such tag.
    init?(field: String) {
        guard let text = field.suffix(after: "Tag=") else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let group = parts[0].removingPercentEncoding, !group.isEmpty,
            let metric = parts[1].removingPercentEncoding, !metric.isEmpty
        else { return nil }
        self.init(group: group, metric: metric)
    }

    /// The first field of a line.
    var field: String { "Tag=\(Self.encoded(group))/\(Self.encoded(metric))" }

    private static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: plain) ?? text
    }

    private static let plain = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:"
    )
}
