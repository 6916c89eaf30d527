import Testing

@testable import Metrics

@Suite("Redactor")
struct RedactorTests {
    @Test("secrets are replaced wherever they stand, the longer one first")
    func replaces() {
        let redactor = Redactor(secrets: ["token", "token-long", "ab", ""])
        #expect(redactor.apply("a token-long and a token, ab") == "a [redacted] and a [redacted], ab")
        #expect(redactor.apply("nothing") == "nothing")
        #expect(Redactor().apply("token") == "token")
    }

    @Test("a secret in a URL or in JSON is found in the form that it has there")
    func forms() {
        let redactor = Redactor(secrets: ["p@ss \"w/rd"])
        #expect(redactor.apply("?key=p%40ss%20%22w%2Frd&x=1") == "?key=[redacted]&x=1")
        #expect(redactor.apply(#"{"key":"p@ss \"w/rd"}"#) == #"{"key":"[redacted]"}"#)
    }

    @Test("in JSON only strings that are values are touched")
    func json() {
        let redactor = Redactor(secrets: ["123", "name"])
        let json = #"{"name" : "my name", "n": 12345, "list": ["a\"123", {"name": null}]}"#
        #expect(
            redactor.applyToValues(ofJSON: json)
                == #"{"name" : "my [redacted]", "n": 12345, "list": ["a\"[redacted]", {"name": null}]}"#
        )
    }
}
