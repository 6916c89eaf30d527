import NIOCore
import Scenarios
import Testing

@testable import LoadRunner

@Suite("The tracker of a stream against a model that keeps everything")
struct StreamTrackerModelTests {
    /// One chunk as it reaches the client.
    private struct Chunk {
        var index: Int
        var text: String
        var pause: Int64
    }

    private static let stall: Int64 = 50

    @Test("Chunks dropped, repeated, shuffled and late are told as the language defines it", arguments: 1...500)
    func random(seed: Int) {
        var random = seededRandom(seed)
        let count = random.integer(from: 0, through: [3, 10, 100][random.integer(from: 0, through: 2)])
        let pieces = (0..<count).map { index in index % 7 == 3 ? "" : "\(index)," }
        let chunks = Self.delivered(pieces, &random)
        var final: String? = pieces.joined()
        switch random.integer(from: 0, through: 5) {
        case 0: final = nil
        case 1: final = pieces.joined() + "more"
        case 2: final = "x" + pieces.joined()
        default: break
        }
        let last = Int64(random.integer(from: 0, through: 30) == 0 ? Self.stall : 1)

        var stream = Stream(stall: .milliseconds(Self.stall))
        for chunk in chunks {
            #expect(stream.chunk(chunk.index, chunk.text, after: .milliseconds(chunk.pause)) != nil)
        }
        #expect(stream.finish(final, after: .milliseconds(last)) == Self.outcome(of: chunks, final: final, last: last))
    }

    /// What comes of the pieces on a bad way.
    private static func delivered(_ pieces: [String], _ random: inout ClientRandom) -> [Chunk] {
        var chunks = pieces.enumerated().map { Chunk(index: $0.offset, text: $0.element, pause: 1) }
        func happens(_ random: inout ClientRandom) -> Bool { random.integer(from: 0, through: 2) == 0 }
        if happens(&random), !chunks.isEmpty {
            for _ in 0..<random.integer(from: 1, through: 3) {
                guard !chunks.isEmpty else { break }
                chunks.remove(at: random.integer(from: 0, through: chunks.count - 1))
            }
        }
        if happens(&random), !chunks.isEmpty {
            for _ in 0..<random.integer(from: 1, through: 3) {
                let chunk = chunks[random.integer(from: 0, through: chunks.count - 1)]
                chunks.insert(chunk, at: random.integer(from: 0, through: chunks.count))
            }
        }
        if happens(&random) {
            if happens(&random) {
                chunks.shuffle(using: &random)
            } else if chunks.count > 1 {
                let place = random.integer(from: 1, through: chunks.count - 1)
                chunks.swapAt(place - 1, place)
            }
        }
        if happens(&random), !chunks.isEmpty {
            chunks[random.integer(from: 0, through: chunks.count - 1)].pause = stall
        }
        return chunks
    }

    /// The language's own words, over the whole list of what arrived.
    private static func outcome(of chunks: [Chunk], final: String?, last: Int64) -> StreamTracker.Outcome {
        var texts: [Int: String] = [:]
        var duplicated = 0
        var reordered = 0
        for chunk in chunks {
            if texts[chunk.index] != nil {
                duplicated += 1
                continue
            }
            if texts.keys.contains(where: { $0 > chunk.index }) { reordered += 1 }
            texts[chunk.index] = chunk.text
        }
        let highest = texts.keys.max() ?? -1
        let missing = (0..<(highest + 1)).filter { texts[$0] == nil }.count
        let joined = texts.keys.sorted().compactMap { texts[$0] }.joined()
        let pauses = chunks.dropFirst().map(\.pause) + (chunks.isEmpty ? [] : [last])
        var flaws: [StreamTracker.Flaw] = []
        if missing > 0 { flaws.append(.missing) }
        if missing == 0, let final, joined != final {
            flaws.append(final.hasPrefix(joined) ? .truncated : .mismatched)
        }
        if duplicated > 0 { flaws.append(.duplicated) }
        if reordered > 0 { flaws.append(.reordered) }
        if pauses.contains(where: { $0 >= stall }) { flaws.append(.stalled) }
        return StreamTracker.Outcome(
            chunks: texts.count,
            missing: missing,
            duplicated: duplicated,
            reordered: reordered,
            flaw: flaws.first
        )
    }
}
