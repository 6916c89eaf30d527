import Testing

@testable import Metrics

@Suite("Text of pages")
struct HTMLTextTests {
    @Test(
        "a text cannot become markup",
        arguments: [
            ("plain", "plain"), ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
            ("\"quoted\" and 'quoted'", "&quot;quoted&quot; and &#39;quoted&#39;"),
            ("</script><script>alert(1)</script>", "&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;"),
            ("]]> -->", "]]&gt; --&gt;"), ("&lt;", "&amp;lt;"), ("über → 東京 🎭", "über → 東京 🎭"),
            ("two\nlines\tand a tab", "two\nlines\tand a tab"), ("nul\u{0}bell\u{7}", "nul\\u{0}bell\\u{7}"),
            ("evil\u{202E}gpj.exe", "evil\\u{202e}gpj.exe"),
            ("a\u{2066}b\u{200F}c\u{61C}d", "a\\u{2066}b\\u{200f}c\\u{61c}d"),
            ("\u{85}\u{9F}\u{FFFF}\u{FEFF}", "\\u{85}\\u{9f}\\u{ffff}\\u{feff}"), ("שלום", "שלום"), ("", ""),
        ]
    )
    func escaping(text: String, markup: String) {
        #expect(HTMLText(text).markup == markup)
        let interpolated: HTMLText = "<b title=\"\(text)\">\(text)</b>"
        #expect(interpolated.markup == "<b title=\"\(markup)\">\(markup)</b>")
    }

    @Test("markup goes into markup as it is, and nothing where there is none")
    func markup() {
        let name: HTMLText? = HTMLText.name("<x>")
        let nothing: HTMLText? = nil
        #expect(("<p>\(name)\(nothing)\(12)</p>" as HTMLText).markup == "<p><bdi>&lt;x&gt;</bdi>12</p>")
        #expect((["<i>", "&"] as [HTMLText]).joined(separator: ", ").markup == "<i>, &")
    }

    @Test("a table has a heading for each column and each row")
    func table() {
        var table = HTMLTable("a \"table\"", [.text("name"), .number("count")])
        #expect(table.isEmpty)
        table.add(["x", "1"])
        table.begin("more")
        table.add(["<b>y</b>", "2"])
        let expected = """
            <div class="scroll" tabindex="0" role="region" aria-label="a &quot;table&quot;">
            <table class="figures">
            <thead><tr><th scope="col">name</th><th scope="col" class="n">count</th></tr></thead>
            <tbody>
            <tr><th scope="row">x</th><td class="n">1</td></tr>
            </tbody>
            <tbody>
            <tr class="part"><th scope="rowgroup" colspan="2">more</th></tr>
            <tr><th scope="row"><b>y</b></th><td class="n">2</td></tr>
            </tbody>
            </table>
            </div>

            """
        #expect(table.html.markup == expected)
    }
}
