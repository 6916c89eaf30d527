/// One part of a report, with a place in its contents.
struct ReportSection: Sendable {
    /// Of the page's own making.
    let id: String
    let title: HTMLText
    /// Empty where the run has nothing for it; it is left out then.
    let body: HTMLText

    var html: HTMLText {
        "<section aria-labelledby=\"\(id)\">\n<h2 id=\"\(id)\">\(title)</h2>\n\(body)</section>\n"
    }
}

/// What a page has room for: it is to stay below a megabyte whatever the run was.
struct PageRoom: Sendable {
    private(set) var bytes: Int
    /// What had no room.
    private(set) var leftOut = 0

    init(_ bytes: Int) { self.bytes = bytes }

    /// The markup, or nothing where it has no room.
    mutating func take(_ html: HTMLText) -> HTMLText {
        let size = html.markup.utf8.count
        guard size <= bytes else {
            leftOut += 1
            return ""
        }
        bytes -= size
        return html
    }
}
