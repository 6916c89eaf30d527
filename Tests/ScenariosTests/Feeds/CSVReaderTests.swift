import Testing
import Wire

@testable import Scenarios

@Suite("Comma-separated values, RFC 4180")
struct CSVReaderTests {
    private static func table(_ text: String) throws(FeedProblem) -> FeedTable {
        try FeedTable(Array(text.utf8), format: .csv)
    }

    private static func texts(_ text: String) throws -> [[String]] {
        try table(text).rows.map { row in
            row.map { value in
                guard case .string(let text) = value else { return "not a text" }
                return text
            }
        }
    }

    @Test(
        "records end in LF or CR LF, the last one also without",
        arguments: ["a,b\n1,2\n3,4\n", "a,b\r\n1,2\r\n3,4\r\n", "a,b\n1,2\r\n3,4", "\u{FEFF}a,b\n1,2\n\n3,4\n\n\r\n"]
    )
    func lines(text: String) throws {
        let table = try Self.table(text)
        #expect(table.columns == ["a", "b"])
        #expect(try Self.texts(text) == [["1", "2"], ["3", "4"]])
    }

    @Test("quotes hold commas, line ends and doubled quotes")
    func quotes() throws {
        let text = "name,\"the, text\"\r\n\"Smith, J.\",\"say \"\"hi\"\"\"\r\n\"two\r\nlines\",\"\"\r\n"
        #expect(try Self.table(text).columns == ["name", "the, text"])
        #expect(try Self.texts(text) == [["Smith, J.", "say \"hi\""], ["two\r\nlines", ""]])
    }

    @Test("values are texts as they are written; spaces and lone carriage returns are kept")
    func values() throws {
        #expect(try Self.texts("a,b\n 007 ,true\nx\ry,ä\n") == [[" 007 ", "true"], ["x\ry", "ä"]])
        #expect(try Self.texts("a,b\n,\n") == [["", ""]])
        #expect(try Self.texts("a\n1\n") == [["1"]])
    }

    @Test(
        "what is wrong, and where",
        arguments: [
            ("", 1, 1, "the file is empty"), ("\n\n", 1, 1, "the file is empty"),
            ("a,b\n", 1, 1, "the file has no rows"), ("a,,b\n1,2,3\n", 1, 1, "column 2 has no name"),
            ("a,a\n1,2\n", 1, 1, "there are two columns 'a'"),
            ("a,b\n1,2\n\n3\n", 4, 1, "the header has 2 columns, and this row has 1"),
            ("a,b\n\"1\n1\",2\n3,4,5\n", 4, 1, "the header has 2 columns, and this row has 3"),
            ("a,b\nä\"x\",2\n", 2, 2, "a quote stands in the middle of a value"),
            ("a,b\n1,\"2\" 3\n", 2, 6, "a comma or the end of the line is missing after the quote"),
            ("a,b\n1,2\n3,\"4\n5,6\n", 3, 3, "this quote is never closed"),
        ] as [(String, Int, Int, String)]
    )
    func faults(text: String, line: Int, column: Int, message: String) {
        let problem = #expect(throws: FeedProblem.self) { try Self.table(text) }
        #expect(problem?.message == message)
        #expect(problem?.line == line)
        #expect(problem?.column == column)
    }

    @Test("bytes that are no UTF-8 have their place")
    func encoding() {
        let bytes = Array("a,b\n1,".utf8) + [0xE4, 0x0A]
        let problem = #expect(throws: FeedProblem.self) { try FeedTable(bytes, format: .csv) }
        #expect(problem?.message == "this value is not UTF-8")
        #expect(problem?.line == 2)
        #expect(problem?.column == 3)
    }

    @Test("what was taken apart by any writer of CSV comes together again")
    func roundTrip() throws {
        var random = ClientRandom(seed: 7, slot: 0, generation: 0, stream: 0)
        let pieces = ["a", ",", "\"", "\n", "\r\n", " ", "ü", "1"]
        for _ in 0..<200 {
            let rows = (0..<random.integer(from: 1, through: 4)).map { _ in
                (0..<3).map { _ in
                    (0..<random.integer(from: 0, through: 5))
                        .map { _ in pieces[random.integer(from: 0, through: pieces.count - 1)] }.joined()
                }
            }
            let lines = rows.map { row in
                row.map { "\"\($0.replacing("\"", with: "\"\""))\"" }.joined(separator: ",")
            }
            #expect(try Self.texts("x,y,z\r\n" + lines.joined(separator: "\r\n")) == rows)
        }
    }
}
