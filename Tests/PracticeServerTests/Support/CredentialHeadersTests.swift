import NIOHTTP1
import Testing

@testable import PracticeServer

@Suite struct CredentialHeadersTests {
    @Test("Only headers that may hold credentials are kept, whatever their case")
    func kept() {
        let headers = CredentialHeaders(
            HTTPHeaders([
                ("Host", "shop.example"), ("X-API-Key", "one"), ("x-api-key", "two"), ("Authorization", "Bearer t"),
                ("User-Agent", "reprise"),
            ])
        )
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
        #expect(CredentialHeaders(HTTPHeaders([("Cookie", header)])).cookie("id") == value)
    }

    @Test("A cookie may stand in a second header")
    func second() {
        #expect(CredentialHeaders(HTTPHeaders([("Cookie", "a=1"), ("cookie", "b=2")])).cookie("b") == "2")
    }
}
