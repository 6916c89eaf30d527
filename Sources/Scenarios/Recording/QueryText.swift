/// The query of a URL or a path.
enum QueryText {
    struct Parameter: Hashable {
        var name: String
        var value: String
    }

    /// The parameters behind the first `?`, decoded.
    static func parameters(ofPath path: String) -> [Parameter] {
        guard let mark = path.firstIndex(of: "?") else { return [] }
        return path[path.index(after: mark)...].prefix { $0 != "#" }.split(separator: "&").map { part in
            let name = part.prefix { $0 != "=" }
            return Parameter(
                name: PercentText.decoded(name, plusIsSpace: true),
                value: PercentText.decoded(part.dropFirst(name.count + 1), plusIsSpace: true)
            )
        }
    }

    /// The path without its query.
    static func path(_ path: String) -> String {
        String(path.prefix { $0 != "?" && $0 != "#" })
    }
}
