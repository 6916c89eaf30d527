import Foundation
import Testing

@testable import LoadRunner

@Suite("Percent encoding")
struct PercentEncodingTests {
    @Test("Unreserved characters stay, all others become their bytes in upper-case hexadecimal")
    func bytes() {
        let unreserved = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".unicodeScalars)
        for code: UInt8 in 0..<128 {
            let scalar = Unicode.Scalar(code)
            let expected = unreserved.contains(scalar) ? String(scalar) : String(format: "%%%02X", code)
            #expect(PercentEncoding.query(String(scalar)) == expected)
        }
    }

    @Test(
        "Text is encoded as its UTF-8",
        arguments: [
            ("", ""), ("plain-text_1.0~", "plain-text_1.0~"), ("a b&c=d+e", "a%20b%26c%3Dd%2Be"), ("é", "%C3%A9"),
            ("🙂", "%F0%9F%99%82"), ("100%", "100%25"), ("\r\n", "%0D%0A"),
        ]
    )
    func text(text: String, expected: String) {
        #expect(PercentEncoding.query(text) == expected)
        #expect(expected.removingPercentEncoding == text)
    }
}
