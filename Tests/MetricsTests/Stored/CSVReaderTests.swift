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
            #expect(rows(torn) == whole, "\(length)")
        }
    }

    @Test(
        "A damaged row costs its line alone, and is counted",
        arguments: [
            "a,b", "a,b,c,d", "\"a,b,c", "a,\"b\"x,c", "a,\"b,\"\"c", "", ",", "\"", "\"a\",\"b\",\"", "a,b,\"c\"\"",
        ]
    )
    func leavesDamagedRowsOut(line: String) {
        let text = "1,2,3\r\n\(line)\r\n4,\"5\n5\",6\r\n\(line)\n7,8,9\r\n"
        var reader = CSVReader([UInt8](text.utf8), columns: 3)
        var rows: [[String]] = []
        while let row = reader.next() { rows.append(row) }
        #expect(rows == [["1", "2", "3"], ["4", "5\n5", "6"], ["7", "8", "9"]])
        #expect(reader.damagedRows == 2)
    }

    @Test("A row that its reader rejects is counted, too")
    func rejects() {
        var reader = CSVReader([UInt8]("a\r\n\"b\r\nc\"\r\nd\r\n".utf8))
        #expect(reader.next() == ["a"])
        #expect(reader.next() == ["b\r\nc"])
        reader.reject()
        #expect(reader.next() == ["c\""])
        #expect(reader.damagedRows == 1)
    }

    @Test("Line feeds alone end rows, too")
    func takesLineFeeds() {
        #expect(rows("a,b\nc,d\n") == [["a", "b"], ["c", "d"]])
    }
}
