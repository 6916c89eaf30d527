import Foundation
import NIOCore
import Testing
import Wire

@testable import Scenarios

@Suite("Broken recordings and HAR files")
struct RecordingFuzzTests {
    /// Changes, removes, doubles and adds bytes.
    static func mutated(_ bytes: [UInt8], _ random: inout ClientRandom) -> [UInt8] {
        var bytes = bytes
        let alphabet = Array("{}[]\",:\\0123456789abceE.-«\n\u{0}".utf8) + [0xFF, 0x80]
        for _ in 0..<Int(random.next() % 6 + 1) where !bytes.isEmpty {
            let at = Int(random.next() % UInt64(bytes.count))
            let byte = alphabet[Int(random.next() % UInt64(alphabet.count))]
            switch random.next() % 5 {
            case 0: bytes[at] = byte
            case 1: bytes.remove(at: at)
            case 2: bytes.insert(byte, at: at)
            case 3:
                let end = min(bytes.count, at + Int(random.next() % 60))
                bytes.insert(contentsOf: bytes[at..<end], at: Int(random.next() % UInt64(bytes.count)))
            default: bytes.removeSubrange(at..<min(bytes.count, at + Int(random.next() % 200)))
            }
        }
        return bytes
    }

    @Test(
        "A mutated recording is read or refused, and what is read converts to a scenario that reads",
        arguments: 0..<6
    )
    func recordings(seed: Int) throws {
        let names = ["leflux", "praxis", "flock"]
        let bytes = Array(try fixture("\(names[seed % 3]).rec.jsonl").text.utf8)
        var random = ClientRandom(seed: UInt64(seed), slot: 0, generation: 0, stream: 0)
        var read = 0
        for _ in 0..<60 {
            let text = String(decoding: Self.mutated(bytes, &random), as: UTF8.self)
            guard var recording = try? Recording.read(text: text, file: "a").recording else { continue }
            read += 1
            var redactor = RecordingRedactor()
            recording.entries = recording.entries.map { redactor.redact($0) }
            guard let result = Converter.convert(recording, source: "a", target: "practice:leflux") else { continue }
            let environment = Dictionary(uniqueKeysWithValues: result.environment.map { ($0, "x") })
            #expect(throws: Never.self, "\(result.scenario)") {
                _ = try readScenario(result, environment)
            }
        }
        #expect(read > 0)
    }

    @Test(
        "A mutated HAR file is read or refused, and what is read converts to a scenario that reads",
        arguments: [
            "chrome-echo-websocket", "chrome-praxis", "chrome-plain", "chrome-leflux-websocket", "playwright-plain",
            "mitmproxy-echo-websocket", "mitmproxy-praxis", "",
        ]
    )
    func archives(name: String) throws {
        let bytes =
            name.isEmpty
            ? Array(HARFixtures.polling.utf8)
            : Array(try Data(contentsOf: HARFilesTests.folder.appending(path: "\(name).har")))
        var random = ClientRandom(seed: UInt64(bytes.count), slot: 1, generation: 0, stream: 0)
        var converted = 0
        for _ in 0..<40 {
            guard
                let (recording, _) = try? HARReader.read(
                    ByteBuffer(bytes: Self.mutated(bytes, &random)),
                    file: "a.har"
                ),
                let result = Converter.convert(recording, source: "a", target: "practice:leflux")
            else { continue }
            converted += 1
            #expect(throws: Never.self, "\(result.scenario)") { _ = try readScenario(result, [:]) }
        }
        #expect(converted > 0)
    }

    @Test("The redactor takes any bytes, and what it makes of JSON is JSON", arguments: 0..<6)
    func redaction(seed: Int) throws {
        let text =
            #"{"token":"a\"b","n":{"password":[1,"x",{"y":null}],"u":"http://u:p@h/?token=1"},"s":"{\"secret\":\"z\"}"}"#
        var random = ClientRandom(seed: UInt64(seed), slot: 2, generation: 0, stream: 0)
        var register = SecretRegister()
        for _ in 0..<500 {
            let bytes = Self.mutated(Array(text.utf8), &random)
            let redacted = SecretText.redacted(bytes, &register) ?? bytes
            guard (try? JSONValue(parsing: bytes)) != nil else { continue }
            #expect((try? JSONValue(parsing: redacted)) != nil, "\(String(decoding: bytes, as: UTF8.self))")
        }
    }
}
