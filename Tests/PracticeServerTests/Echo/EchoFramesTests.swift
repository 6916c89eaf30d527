import NIOCore
import Testing

@testable import PracticeServer

@Suite struct EchoFramesTests {
    /// A client's frame, masked with the key of RFC 6455's examples.
    private func frame(_ first: UInt8, _ payload: [UInt8]) -> [UInt8] {
        let mask: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
        return [first] + length(payload.count, mask: 0x80) + mask + payload.enumerated().map { $1 ^ mask[$0 % 4] }
    }

    /// The frame that a server answers with.
    private func answer(_ first: UInt8, _ payload: [UInt8]) -> [UInt8] {
        [first] + length(payload.count, mask: 0) + payload
    }

    private func length(_ count: Int, mask: UInt8) -> [UInt8] {
        switch count {
        case ..<126: [mask | UInt8(count)]
        case ..<0x10000: [mask | 126, UInt8(count >> 8), UInt8(count & 0xFF)]
        default: [mask | 127] + (0..<8).reversed().map { UInt8(truncatingIfNeeded: count >> ($0 * 8)) }
        }
    }

    private func run(_ parts: [[UInt8]]) -> (output: [UInt8], outcome: EchoFrames.Outcome, messages: Int) {
        var frames = EchoFrames()
        var output = ByteBuffer()
        var outcome = EchoFrames.Outcome.open
        for part in parts where outcome == .open {
            outcome = part.withUnsafeBytes { frames.take($0, to: &output) }
        }
        return (Array(output.readableBytesView), outcome, frames.finished)
    }

    @Test("RFC 6455's example comes back without its mask")
    func example() {
        let result = run([[0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58]])
        #expect(result.output == [0x81, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F])
        #expect(result.messages == 1)
    }

    @Test("However the bytes are cut, the same comes back")
    func splits() {
        let text = Array("The quick brown fox jumps over the lazy dog".utf8)
        let long = (0..<300).map { UInt8(truncatingIfNeeded: $0) }
        let bytes =
            frame(0x81, text) + frame(0x02, [1]) + frame(0x89, [9, 8, 7]) + frame(0x00, []) + frame(0x80, [2, 3])
            + frame(0x82, long) + frame(0x8A, [1]) + frame(0x88, [0x03, 0xE8])
        let expected =
            answer(0x81, text) + answer(0x02, [1]) + answer(0x8A, [9, 8, 7]) + answer(0x00, []) + answer(0x80, [2, 3])
            + answer(0x82, long) + answer(0x88, [0x03, 0xE8])
        for first in 0...bytes.count {
            let result = run([Array(bytes[..<first]), Array(bytes[first...])])
            // What has come of a message goes back at once, within the frame that its header announced.
            #expect(result.output == expected, "cut at \(first)")
            #expect(result.outcome == .closed)
            #expect(result.messages == 3)
        }
        #expect(run(bytes.map { [$0] }).output == expected)
    }

    @Test("Lengths of every form come back in the same form", arguments: [0, 1, 7, 8, 9, 125, 126, 65_535, 65_536])
    func lengths(count: Int) {
        let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        #expect(run([frame(0x82, payload)]).output == answer(0x82, payload))
    }

    @Test(
        "What is not allowed is answered by 1002, after what came before",
        arguments: [
            [0x81, 0x01, 0x61],  // not masked
            [0xC1, 0x80, 0, 0, 0, 0], [0xA1, 0x80, 0, 0, 0, 0], [0x91, 0x80, 0, 0, 0, 0],  // reserved bits
            [0x83, 0x80, 0, 0, 0, 0], [0x8B, 0x80, 0, 0, 0, 0],  // opcodes that nobody knows
            [0x80, 0x80, 0, 0, 0, 0],  // continues nothing
            [0x09, 0x80, 0, 0, 0, 0],  // a ping in fragments
            [0x89, 0xFE, 0, 126, 0, 0, 0, 0],  // a ping that is too long
            [0x82, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4],  // a length beyond all
        ] as [[UInt8]]
    )
    func violations(bytes: [UInt8]) {
        let result = run([frame(0x81, [0x61]) + bytes])
        #expect(result.output == answer(0x81, [0x61]) + [0x88, 0x02, 0x03, 0xEA])
        #expect(result.outcome == .failed)
        #expect(result.messages == 1)
        let interrupted = run([frame(0x01, []), frame(0x81, [])])
        #expect(interrupted.outcome == .failed)
    }

    @Test("A close frame without a code is answered by one without; one of a single byte comes back as it is")
    func close() {
        #expect(run([frame(0x88, [])]).output == [0x88, 0x00])
        #expect(run([frame(0x88, [0x0F, 0xA1] + Array("bye".utf8))]).output == [0x88, 0x02, 0x0F, 0xA1])
    }

    @Test("Random bytes never crash it")
    func noise() {
        var random = SplitMix64(seed: 5)
        for _ in 0..<5_000 {
            let bytes = (0..<random.below(40)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            _ = run([bytes, bytes])
        }
    }
}
