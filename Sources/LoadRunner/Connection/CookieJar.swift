/// A client's cookies: names and values, as the target set them.
///
/// All requests of a client go to one host, and a run is shorter than most cookies live, so that domain, path and age are
/// not looked at; an empty value takes a cookie away. RFC 6265, 5.3 in that narrow form.
struct CookieJar {
    static let cookieLimit = 50
    static let byteLimit = 4096

    private var cookies: [(name: String, value: String)] = []

    /// The value of the `Cookie` header; nil where there is none.
    var header: String? {
        cookies.isEmpty ? nil : cookies.map { "\($0.name)=\($0.value)" }.joined(separator: "; ")
    }

    /// Takes in a `Set-Cookie` header's value.
    mutating func set(_ header: String) {
        guard header.utf8.count <= Self.byteLimit else { return }
        let pair = header.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard pair.count == 2 else { return }
        let name = pair[0].trimmed
        let value = pair[1].trimmed
        guard !name.isEmpty else { return }
        cookies.removeAll { $0.name == name }
        if !value.isEmpty, cookies.count < Self.cookieLimit { cookies.append((name, value)) }
    }
}

extension Substring {
    fileprivate var trimmed: String {
        var part = self
        while part.first == " " || part.first == "\t" { part.removeFirst() }
        while part.last == " " || part.last == "\t" { part.removeLast() }
        return String(part)
    }
}
