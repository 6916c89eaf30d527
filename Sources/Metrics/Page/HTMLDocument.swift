/// A page that needs nothing but itself: no network, no other file.
package struct HTMLDocument: Sendable {
    package var title: String
    /// Beside `PageStyle.text`.
    package var style: String
    /// Runs when the page has been read; empty for none.
    package var script: String
    package var body: HTMLText

    package init(title: String, style: String = "", script: String = "", body: HTMLText) {
        self.title = title
        self.style = style
        self.script = script
        self.body = body
    }

    /// What the browser may load and run: what stands in the page.
    static let policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"

    /// The file's text.
    package var html: String {
        let head: HTMLText = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="\(HTMLText(markup: Self.policy))">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="referrer" content="no-referrer">
            <title>\(title)</title>
            <style>
            \(HTMLText(markup: PageStyle.text + style))
            </style>
            </head>
            <body>

            """
        let end = script.isEmpty ? "" : "<script>\n\(script)\n</script>\n"
        return head.markup + body.markup + "\n" + end + "</body>\n</html>\n"
    }
}
