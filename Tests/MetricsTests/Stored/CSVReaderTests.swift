import Testing

@testable import Metrics

@Suite struct CSVReaderTests {
    private func rows(_ text: String) -> [[String]] {
        var reader = CSVReader([UInt8](text.utf8))
        var rows: [[String]] = []
        while let row = reader.next() { rows.append(row) }
        return rows
    }

    @Test("What CSVRow writes is read as it was, whatever stands in it")
    func readsWhatIsWritten() {
        let cells = [
            "plain", "", "a,b", "say \"hi\"", "two\r\nlines", "=1+1", "-5", "@x", "+1", "\ttab", "'quoted'", "é 🙂",
        ]
        var row = CSVRow()
        for cell in cells { row.add(cell) }
        row.add(-12)
        row.add(1.5)
        row.addBlank()
        #expect(rows(row.terminated() + row.terminated()) == Array(repeating: cells + ["-12", "1.500", ""], count: 2))
    }

    @Test("A row that was cut off anywhere is left out, and those before it are whole")
    func leavesTornRowsOut() {
        var row = CSVRow()
        for cell in ["a", "b,c", "d\"e", "1"] { row.add(cell) }
        let line = row.terminated()
        let whole = rows(line)
        for length in 0..<line.utf8.count {
            let torn = line + String(decoding: line.utf8.prefix(length), as: UTF8.self)
            // A row is whole once its carriage return is there.
            #expect(rows(torn) == (length == line.utf8.count - 1 ? whole + whole : whole), "\(length)")
        }
    }

    @Test("Line feeds alone end rows, too")
    func takesLineFeeds() {
        #expect(rows("a,b\nc,d\n") == [["a", "b"], ["c", "d"]])
    }
}
