import ArgumentParser
import LoadRunner
import Testing

@testable import reprise

@Suite("Options for what goes on beside a run")
struct SideOptionsTests {
    private func parse(_ arguments: [String]) throws -> SideOptions {
        try SideOptions.parse(arguments)
    }

    @Test("Servers and patterns may be given several times, also in one variable")
    func scraping() throws {
        let options = try parse([
            "--scrape", "http://a/metrics", "--scrape", "http://b:1/m http://c/m", "--scrape-only", "x_ y_",
            "--scrape-only=z",
        ])
        let settings = try #require(try options.scraping())
        #expect(settings.endpoints.map(\.instance) == ["a", "b:1", "c"])
        #expect(settings.patterns.count == 3)
        #expect(try parse([]).scraping() == nil)
    }

    @Test(
        "What is wrong is said, and no value is repeated",
        arguments: [
            ["--otlp", "s3cret"], ["--otlp-header", "X=s3cret"], ["--otlp", "http://h", "--otlp-header", "s3cret"],
            ["--scrape", "s3cret"], ["--scrape", "http://h http://s3cret:x"], ["--scrape-only", "s3cret"],
            ["--scrape-ca", "s3cret"], ["--otlp-ca", "s3cret"],
            ["--scrape", Array(repeating: "http://s3cret", count: 17).joined(separator: " ")],
        ]
    )
    func errors(_ arguments: [String]) throws {
        let error = #expect(throws: (any Error).self) { try parse(arguments) }
        let message = SideOptions.fullMessage(for: try #require(error))
        #expect(message.contains("--"))
        #expect(!message.contains("s3cret"), "\(message)")
    }

    @Test("The command line is shown without what is secret in it")
    func shown() {
        let shown = SideOptions.shown([
            "run", "a.yaml", "--otlp", "http://me:pa55@h/?k=v", "--otlp-header", "Authorization=Bearer x",
            "--otlp-header=B=c",
            "--scrape=http://h/m?k=v", "--scrape", "broken", "--seed", "3", "--scrape-only", "http_", "--out=a=b",
        ])
        #expect(
            shown == [
                "run", "a.yaml", "--otlp", "http://[redacted]@h/?[redacted]", "--otlp-header",
                "Authorization=[redacted]",
                "--otlp-header=B=[redacted]", "--scrape=http://h/m?[redacted]", "--scrape", "[redacted]", "--seed", "3",
                "--scrape-only", "http_", "--out=a=b",
            ]
        )
    }
}
