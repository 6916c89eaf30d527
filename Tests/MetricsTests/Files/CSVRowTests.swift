import Testing

@testable import Metrics

@Suite("CSV rows")
struct CSVRowTests {
    private func cell(_ text: String) -> String {
        var row = CSVRow()
        row.add(text)
        return row.line
    }

    @Test(
        "texts are quoted after RFC 4180",
        arguments: [
            ("plain", "plain"), ("", ""), ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("a\nb", "\"a\nb\""),
            ("a\r\nb", "\"a\r\nb\""), ("ünï", "ünï"), ("a b", "a b"),
        ]
    )
    func quoting(text: String, expected: String) {
        #expect(cell(text) == expected)
    }

    @Test(
        "no text is a formula",
        arguments: ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "=HYPERLINK(\"x\",\"y\")", "=\u{301}"]
    )
    func injection(text: String) {
        let written = cell(text)
        #expect(written.hasPrefix("'") || written.hasPrefix("\"'"))
    }

    @Test("numbers stay numbers, also negative ones")
    func numbers() {
        var row = CSVRow()
        row.add(-5)
        row.add(1.23456)
        row.add(nil as Double?)
        row.add(2.5, unit: .milliseconds)
        row.add(41.0, unit: .count)
        row.addBlank()
        row.add(nil, unit: .bytes)
        #expect(row.terminated() == "-5,1.235,,2.500,41,,\r\n")
    }

    @Test("a first cell that is blank still has its comma")
    func blankFirst() {
        var row = CSVRow()
        row.addBlank()
        row.add("x")
        #expect(row.line == ",x")
    }
}
