import Testing

@testable import Metrics

@Suite("A block of lines on a terminal")
struct TerminalBlockTests {
    private func lines(_ texts: String...) -> [LiveLine] { texts.map { LiveLine($0, .green) } }

    @Test("is drawn over itself, with what is told meanwhile above it")
    func redraw() {
        var screen = Screen(columns: 20)
        var block = TerminalBlock()
        screen.write("$ reprise run\r\n")
        screen.write(block.draw(lines("one", "two", "three"), columns: 20, usesColours: true))
        #expect(screen.text == ["$ reprise run", "one", "two", "three"])
        screen.write(block.draw(lines("1"), columns: 20, usesColours: true))
        #expect(screen.text == ["$ reprise run", "1"])
        screen.write(block.draw(lines("uno", "due"), columns: 20, usesColours: false))
        screen.write(block.erase(columns: 20) + "a note\r\n")
        #expect(screen.text == ["$ reprise run", "a note"])
        screen.write(block.draw(lines("uno", "due"), columns: 20, usesColours: true))
        #expect(screen.text == ["$ reprise run", "a note", "uno", "due"])
        screen.write(block.erase(columns: 20) + "the end\r\n")
        #expect(screen.text == ["$ reprise run", "a note", "the end"])
        #expect(block.isEmpty && block.erase(columns: 20) == "")
        #expect(screen.unknown.isEmpty)
    }

    @Test("leaves nothing behind where it begins at the first row", arguments: 1...5)
    func firstRow(count: Int) {
        var screen = Screen(columns: 20, rows: 5)
        var block = TerminalBlock()
        let texts = (1...count).map { LiveLine("line \($0)") }
        for lines in [texts, texts, Array(texts.prefix(1)), texts] {
            screen.write(block.draw(lines, columns: 20, usesColours: true))
            #expect(screen.text == lines.map(\.text))
        }
        // What a terminal shows of Ctrl-C.
        screen.write("^C" + block.erase(columns: 20) + "a note\r\n")
        screen.write(block.draw(texts, columns: 20, usesColours: true))
        #expect(screen.text == ["a note"] + texts.map(\.text))
        screen.write(block.erase(columns: 20) + "the end\r\n")
        #expect(screen.text == ["a note", "the end"])
        #expect(screen.unknown.isEmpty)
    }

    @Test("leaves only what was scrolled away where the terminal becomes lower than it is")
    func lower() {
        var screen = Screen(columns: 20, rows: 6)
        var block = TerminalBlock()
        let texts = (1...6).map { LiveLine("line \($0)") }
        screen.write("above\r\n" + block.draw(texts, columns: 20, usesColours: true))
        screen.resize(rows: 3)
        screen.write(block.draw(Array(texts.prefix(2)), columns: 20, usesColours: true))
        #expect(screen.text.filter { !$0.isEmpty } == ["above", "line 1", "line 2", "line 3", "line 1", "line 2"])
        screen.write(block.erase(columns: 20) + "the end\r\n")
        #expect(screen.text.filter { !$0.isEmpty } == ["above", "line 1", "line 2", "line 3", "the end"])
    }

    @Test("leaves nothing behind where the terminal becomes narrower or wider", arguments: [5, 7, 10, 19, 20, 40])
    func resize(columns: Int) {
        var screen = Screen(columns: 20)
        var block = TerminalBlock()
        screen.write("above\r\n")
        let long = String(repeating: "x", count: 50)
        let drawn = lines(long, "b", long, long)
        screen.write(block.draw(drawn, columns: 20, usesColours: true))
        #expect(screen.text[1] == String(repeating: "x", count: 18) + "…")
        screen.resize(columns: columns)
        screen.write(block.draw(drawn, columns: columns, usesColours: true))
        let cut = columns > 50 ? long : String(repeating: "x", count: columns - 2) + "…"
        #expect(screen.text == ["above", cut, "b", cut, cut])
        screen.resize(columns: 20)
        screen.write(block.erase(columns: 20))
        #expect(screen.text == ["above"])
    }

    @Test("is as wide as terminals show it")
    func width() {
        #expect(DisplayWidth.of("abc") == 3)
        #expect(DisplayWidth.of("日本") == 4)
        #expect(DisplayWidth.of("e\u{301}\u{200B}") == 1)
        #expect(DisplayWidth.of("\u{1F600}") == 2)
        #expect(DisplayWidth.of("━▼µ…–✗") == 6)
        #expect(DisplayWidth.cut("日本語", 4) == "日…")
        #expect(DisplayWidth.cut("日本語", 5) == "日本…")
        #expect(DisplayWidth.cut("日本語", 6) == "日本語")
        #expect(DisplayWidth.cut("abc", 0) == "")
        #expect(DisplayWidth.cutName("reconnect.reopen", 10) == "re….reopen")
        #expect(DisplayWidth.cutName("reconnect.reopen", 16) == "reconnect.reopen")
        #expect(
            DisplayWidth.cutName("reconnect.reopen", 8) == "….reopen"
                || DisplayWidth.cutName("reconnect.reopen", 8) == "reconne…"
        )
        #expect(DisplayWidth.cutName("reconnect", 5) == "reco…")
        #expect(DisplayWidth.left("日", 4) == "日  ")
        #expect(DisplayWidth.right("日本語", 4) == " 日…" || DisplayWidth.right("日本語", 4) == "日… ")
    }

    @Test("takes no order from a text, and no colour where none is wanted")
    func escapes() {
        let line = LiveLine("a\u{1B}[2Jb\nc", .red)
        #expect(!line.text.contains("\u{1B}") && !line.text.contains("\n"))
        #expect(line.text(usesColours: false) == line.text)
        #expect(line.text(usesColours: true).hasPrefix("\u{1B}[31m"))
        var two = LiveLine("red", .red)
        two.add(" and plain")
        #expect(two.cut(6).text == "red a…")
        #expect(two.cut(3).text == "re…")
        #expect(two.cut(13).text == "red and plain")
    }
}
