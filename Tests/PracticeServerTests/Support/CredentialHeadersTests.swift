import Testing

@testable import PracticeServer

@Suite struct CredentialHeadersTests {
    private func headers(_ headers: [(String, String)]) -> CredentialHeaders {
        CredentialHeaders(headers.map { (name: $0.0, value: $0.1) })
    }

    @Test("Only headers that may hold credentials are kept, whatever their case")
    func kept() {
        let headers = headers([
            ("Host", "shop.example"), ("X-API-Key", "one"), ("x-api-key", "two"), ("Authorization", "Bearer t"),
            ("User-Agent", "reprise"),
        ])
        #expect(headers["x-api-key"] == "one")
        #expect(headers["authorization"] == "Bearer t")
        #expect(headers["host"] == nil && headers["user-agent"] == nil)
    }

    @Test(
        "A cookie is found among others",
        arguments: [
            ("id=7", "7"), ("a=b; id=7; c", "7"), ("a=b;id=x=y", "x=y"), ("id=", ""), ("xid=7", nil), ("id", nil),
            ("", nil), (";;=;", nil),
        ] as [(String, String?)]
    )
    func cookies(header: String, value: String?) {
        #expect(headers([("Cookie", header)]).cookie("id") == value)
    }

    @Test("A cookie may stand in a second header")
    func second() {
        #expect(headers([("Cookie", "a=1"), ("cookie", "b=2")]).cookie("b") == "2")
    }
}
