import NIOCore
import Wire

/// An agent's answer to one question, as far as it got.
struct ElizaOSAnswer {
    let question: ElizaOSQuestion
    /// The id of the message that it becomes.
    let id: String
    /// The words of each chunk, by their places in the list of words.
    private let words: [[Int]]
    /// How many updates of an action are still to be sent before the answer.
    var updates: Int
    /// The chunk that is sent next.
    var slot = 0
    /// How many chunks are sent at all.
    var slots: Int
    /// Whether the chunk before `slot` was overtaken and comes now.
    var isDisplaced = false
    var isTruncated = false

    /// - Parameter chunks: How many there are; 4 to 12 unless said.
    init(_ question: ElizaOSQuestion, _ random: inout SplitMix64, chunks: Int?) {
        self.question = question
        id = random.uuid()
        let count = chunks ?? random.within(4...12)
        words = (0..<count).map { _ in
            (0..<random.within(1...3)).map { _ in random.below(LeFluxWords.words.count) }
        }
        updates = question.acts ? 2 : 0
        slots = question.fails ? count / 2 : count
    }

    var chunkCount: Int { words.count }

    /// Writes one chunk, escaped for JSON; all but the first begin with a blank.
    func writeChunk(_ index: Int, to buffer: inout ByteBuffer) {
        for (place, word) in words[index].enumerated() {
            if index > 0 || place > 0 { buffer.writeInteger(UInt8(ascii: " ")) }
            buffer.writeStaticString(LeFluxWords.words[word])
        }
    }

    /// The first chunks as one string of JSON.
    func text(chunks: Int) -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: 16 + chunks * 24)
        buffer.writeInteger(UInt8(ascii: "\""))
        for index in 0..<min(chunks, words.count) { writeChunk(index, to: &buffer) }
        buffer.writeInteger(UInt8(ascii: "\""))
        return buffer
    }
}
