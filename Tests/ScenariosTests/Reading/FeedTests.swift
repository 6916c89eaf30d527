import Foundation
import Testing
import Wire

@testable import Scenarios

@Suite("Feeds")
struct FeedTests {
    private static let files = [
        "data/products.csv": "id,name\r\n1,Tea\r\n2,\"Pots, big\"\r\n",
        "users.json": "[ { \"name\": \"Ada\", \"tags\": [ \"a\", \"b\" ], \"home\": { \"city\": \"Ulm\" } } ]",
        "lines.ndjson": "{\"n\": 1}\n{\"n\": 2}\n{\"n\": 3}\n",
    ]

    private static let feeds = """
        feeds:
          products: { file: data/products.csv, order: shuffle }
          users: { file: users.json }
          lines: { file: lines.ndjson, order: unique }
        """

    @Test("files in three formats, with their order")
    func files() throws {
        let scenario = try TemporaryFolder(Self.files).read(scenario(flow: "- connect", top: Self.feeds))
        #expect(scenario.feeds.map(\.name) == ["products", "users", "lines"])
        #expect(scenario.feeds.map(\.order) == [.shuffle, .sequential, .unique])
        #expect(scenario.feeds.map(\.rows.count) == [2, 1, 3])
        #expect(scenario.feeds[0].columns == ["id", "name"])
        #expect(scenario.feeds[0].rows[1] == [.string("2"), .string("Pots, big")])
        #expect(scenario.feeds[2].rows[2] == [.integer(3)])
    }

    @Test("templates and conditions read the client's row")
    func reading() throws {
        let flow = """
            - emit: buy
              data: { id: "${feed.products.id}", text: "${feed.products.name}!", tag: "${feed.users.tags[1]}" }
            - when: feed.users.home.city == 'Ulm' and feed.lines.n > 1
              flow: { count: yes_ }
            - repeat: { each: feed.users.tags }
              flow: { emit: tag, data: "${item}" }
            """
            .replacing("yes_", with: "hits")
        let top = Self.feeds + "\nvars: { who: \"${feed.users.name}\" }"
        let text = scenario(flow: flow, top: top)
            .replacing("leflux\" }", with: "leflux\", query: { id: \"${feed.products.id}\" } }")
        let group = try TemporaryFolder(Self.files).read(text).groups[0]
        var values = clientValues(group)
        values.rows = [
            [.string("2"), .string("Pots")],
            [.string("Ada"), .array([.string("a"), .string("b")]), .object([.init("city", .string("Ulm"))])],
            [.integer(2)],
        ]
        guard case .emit(let emit) = group.flow[0].action, case .when(let when) = group.flow[1].action,
            case .repeat(let loop) = group.flow[2].action, case .each(let list) = loop.times
        else { return #expect(Bool(false)) }
        #expect(emit.arguments[0].rendered(&values) == #"{"id":"2","text":"Pots!","tag":"b"}"#)
        #expect(when.condition.holds(&values, event: nil))
        #expect(list.value(&values, event: nil) == .array([.string("a"), .string("b")]))
        #expect(group.variables[0].value.value(&values, event: nil) == .string("Ada"))
        #expect(group.target.query[0].value.text(&values, event: nil) == "2")
        values.rows = []
        #expect(group.variables[0].value.value(&values, event: nil) == .null)
    }

    @Test(
        "what is unknown, with what was meant",
        arguments: [
            ("${feed.product.id}", "there is no feed 'product'", "did you mean 'feed.products'?"),
            ("${feed.orders.id}", "there is no feed 'orders'", "the feeds are products, users, lines"),
            ("${feed.products.nam}", "the feed 'products' has no column 'nam'", "did you mean 'name'?"),
            ("${feed.products.price}", "the feed 'products' has no column 'price'", "its columns are id, name"),
            ("${feed.products}", "'feed' is followed by the name of a feed and of a column", nil),
            ("${feed}", "'feed' is followed by the name of a feed and of a column", nil),
        ] as [(String, String, String?)]
    )
    func unknown(template: String, message: String, help: String?) throws {
        let text = scenario(flow: "- emit: a\n  data: \(template)", top: Self.feeds)
        let diagnostics = try TemporaryFolder(Self.files).problems(text)
        #expect(diagnostics.map(\.message) == [message])
        #expect(diagnostics.map(\.suggestion) == [help])
    }

    @Test("a fault in a data file is told with its place there, and what reads the feed is not at fault too")
    func brokenData() throws {
        let folder = try TemporaryFolder(["p.csv": "id,name\n1,Tea\n2\n"])
        let flow = "- emit: a\n  data: ${feed.p.nothing}"
        let diagnostics = folder.problems(scenario(flow: flow, top: "feeds: { p: { file: p.csv } }"))
        #expect(
            diagnostics.map { $0.rendered(colour: false) } == [
                """
                \(folder.path)/p.csv:3:1: error: the header has 2 columns, and this row has 1
                  2
                  ^
                  help: put a value with a comma in it into quotes
                """
            ]
        )
    }

    @Test(
        "what a feed cannot be",
        arguments: [
            ("feeds: p.csv", Diagnostic.Code.wrongType), ("feeds: { p: p.csv }", .wrongType),
            ("feeds: { p: {} }", .missing), ("feeds: { p: { file: p.txt } }", .badValue),
            ("feeds: { p: { file: p } }", .badValue), ("feeds: { p: { file: none.csv } }", .file),
            ("feeds: { p: { file: lines.ndjson, order: random } }", .badValue),
            ("feeds: { \"a b\": { file: lines.ndjson } }", .badValue), ("feeds: { p: { file: data } }", .badValue),
            ("feeds: { p: { file: folder.csv } }", .file), ("feeds: { p: { fil: lines.ndjson } }", .unknownKey),
            ("feeds: { p: { file: \"${env.X}.csv\" } }", .badTemplate),
        ] as [(String, Diagnostic.Code)]
    )
    func faults(top: String, code: Diagnostic.Code) throws {
        let folder = try TemporaryFolder(Self.files)
        try FileManager.default.createDirectory(atPath: "\(folder.path)/folder.csv", withIntermediateDirectories: true)
        #expect(folder.problems(scenario(flow: "- connect", top: top)).map(\.code) == [code])
    }

    @Test("no file outside of the scenario's folder is read, by whatever way")
    func outside() throws {
        let folder = try TemporaryFolder(Self.files)
        let parent = URL(filePath: folder.path).deletingLastPathComponent().path()
        try Data("id\nsecret\n".utf8).write(to: URL(filePath: parent).appending(path: "out.csv"))
        func link(_ name: String, to place: String) throws {
            try FileManager.default.createSymbolicLink(atPath: "\(folder.path)/\(name)", withDestinationPath: place)
        }
        try link("link.csv", to: "\(parent)/out.csv")
        try link("up", to: "..")
        try link("inner.csv", to: "data/products.csv")
        func messages(_ file: String) -> [String] {
            folder.problems(scenario(flow: "- connect", top: "feeds: { p: { file: \"\(file)\" } }")).map(\.message)
        }
        for file in ["../out.csv", "link.csv", "up/out.csv", "data/../../out.csv", "./../out.csv"] {
            #expect(messages(file) == ["'\(file)' lies outside of the scenario's folder"])
        }
        for file in ["\(parent)/out.csv", "\(folder.path)/lines.ndjson"] {
            #expect(messages(file) == ["a scenario names only files below its own folder"])
        }
        #expect(messages("inner.csv").isEmpty)
        #expect(messages("data/../lines.ndjson").isEmpty)
    }

    @Test("a folder whose name begins like the scenario's is another one")
    func sibling() throws {
        let folder = try TemporaryFolder(Self.files)
        let sibling = folder.path + "-other"
        try FileManager.default.createDirectory(atPath: sibling, withIntermediateDirectories: true)
        try Data("id\n1\n".utf8).write(to: URL(filePath: sibling).appending(path: "out.csv"))
        let name = "../\(URL(filePath: sibling).lastPathComponent)/out.csv"
        let top = "feeds: { p: { file: \(name) } }"
        #expect(folder.problems(scenario(flow: "- connect", top: top)).map(\.code) == [.file])
    }
}
