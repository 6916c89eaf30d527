import Testing
import Wire

@testable import Scenarios

@Suite("Rows from JSON")
struct JSONRowsTests {
    private static let rows: [[JSONValue]] = [
        [.integer(1), .string("a"), .null], [.integer(2), .null, .object([.init("deep", .bool(true))])],
    ]

    @Test("an array of objects; what an object does not have is null")
    func array() throws {
        let text = "\u{FEFF} [\n {\"id\": 1, \"name\": \"a\"},\n {\"more\": {\"deep\": true}, \"id\": 2}\n]\n"
        let table = try FeedTable(Array(text.utf8), format: .json)
        #expect(table.columns == ["id", "name", "more"])
        #expect(table.rows == Self.rows)
    }

    @Test("an object on each line", arguments: [FeedTable.Format.jsonl, .ndjson])
    func lines(format: FeedTable.Format) throws {
        let text = "{\"id\": 1, \"name\": \"a\"}\r\n\n  \n{\"more\": {\"deep\": true}, \"id\": 2}"
        let table = try FeedTable(Array(text.utf8), format: format)
        #expect(table.columns == ["id", "name", "more"])
        #expect(table.rows == Self.rows)
    }

    @Test(
        "what is wrong, and where",
        arguments: [
            (.json, "{}", 1, 1, "the file has to be an array of objects"), (.json, "[]", 1, 1, "the file has no rows"),
            (.json, "", 1, 1, "this is no JSON: the text ends in the middle of a value"),
            (.json, "[\n{},\n 3]", 3, 1, "a row has to be an object"),
            (.json, "[\n{\"ä\": nul}]", 2, 10, "this is no JSON: this is neither true, nor false, nor null"),
            (.jsonl, "{}\n[1]\n", 2, 1, "a row has to be an object"),
            (.jsonl, "{\"a\":1}\n\n{\"a\" 1}\n", 3, 6, "this is no JSON: the colon after a member's name is missing"),
            (.ndjson, "\n\n", 1, 1, "the file has no rows"),
        ] as [(FeedTable.Format, String, Int, Int, String)]
    )
    func faults(format: FeedTable.Format, text: String, line: Int, column: Int, message: String) {
        let problem = #expect(throws: FeedProblem.self) { try FeedTable(Array(text.utf8), format: format) }
        #expect(problem?.message == message)
        #expect(problem?.line == line)
        #expect(problem?.column == column)
    }
}
