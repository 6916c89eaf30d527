import Metrics
import Testing

@testable import LoadRunner

@Suite("What a command wrote")
struct CommandOutputTests {
    private static func text(of size: Int) -> [UInt8] {
        (0..<size).map { UInt8(ascii: "a") + UInt8($0 % 23) }
    }

    @Test(
        "is kept whole while it is short, and then its begin and its end",
        arguments: [0, 1, 4096, 8192, 8193, 70_000]
    )
    func cut(size: Int) {
        let bytes = Self.text(of: size)
        for piece in [1, 7, 4096, 100_000] {
            var output = CommandOutput(margin: 0)
            for start in stride(from: 0, to: size, by: piece) { output.append(bytes[start..<min(start + piece, size)]) }
            let (begin, omitted, end) = output.text(Redactor())
            if size <= 2 * CommandOutput.kept {
                #expect(begin == String(decoding: bytes, as: UTF8.self) && omitted == 0 && end.isEmpty)
            } else {
                #expect(begin == String(decoding: bytes.prefix(4096), as: UTF8.self))
                #expect(end == String(decoding: bytes.suffix(4096), as: UTF8.self))
                #expect(omitted == size - 8192)
            }
        }
    }

    @Test("shows no part of a secret, wherever the cuts are")
    func secrets() {
        let secret = "S3CRET-0123456789"
        let redactor = Redactor(secrets: [secret])
        for offset in 0..<(2 * secret.count) {
            let start = 4096 + redactor.longestSecret - offset
            for gap in [0, 20_000] {
                var bytes = Array(repeating: UInt8(ascii: "."), count: 30_000 + gap)
                for place in [start, bytes.count - start] {
                    bytes.replaceSubrange(place..<(place + secret.count), with: secret.utf8)
                }
                var output = CommandOutput(margin: redactor.longestSecret)
                output.append(bytes)
                let (begin, _, end) = output.text(redactor)
                for text in [begin, end] {
                    let rest = text.replacing(Redactor.mark, with: "")
                    #expect(rest.allSatisfy { $0 == "." || "[redacted]".contains($0) }, "\(offset)")
                    #expect(!text.contains("S3"))
                    #expect(!text.contains("789"))
                }
            }
        }
    }

    @Test("bytes that are no text do no harm")
    func invalid() {
        var output = CommandOutput(margin: 3)
        output.append(Array(repeating: 0xFF, count: 20_000))
        let (begin, omitted, end) = output.text(Redactor())
        #expect(!begin.isEmpty && !end.isEmpty && omitted == 20_000 - 8192)
    }
}
