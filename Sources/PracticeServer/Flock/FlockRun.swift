import NIOCore
import Wire

/// What a published artifact sets off: the run of the agent that takes it, if there is one.
///
/// All that is random in it follows from the seed of the server and the number of the publication.
struct FlockRun {
    let number: Int
    let agent: FlockAgent?
    /// Of the published artifact.
    let type: String
    let id: String
    let correlationID: String
    let inputID: String
    let outputID: String
    /// What was published, as the text that it was written in.
    let content: String
    /// Whether the agent fails at the end; a client wants that by `"fail": true` in the content.
    let fails: Bool
    let chunkCount: Int
    var startedAt: NIODeadline
    /// What is broadcast, in order, and which of it comes next.
    var steps: [FlockStep] = []
    var next = 0

    private let seed: UInt64

    init(
        seed: UInt64,
        number: Int,
        type: String,
        content: String,
        fails: Bool,
        chunks: Int?,
        at now: NIODeadline
    ) {
        var random = SplitMix64(seed, 5, UInt64(truncatingIfNeeded: number))
        self.number = number
        self.type = type
        self.content = content
        self.fails = fails
        agent = FlockAgent.consuming(type)
        id = random.uuid()
        correlationID = random.uuid()
        inputID = random.uuid()
        outputID = random.uuid()
        let drawn = random.within(3...8)
        chunkCount = chunks ?? drawn
        self.seed = random.next()
        startedAt = now
    }

    /// Writes a part of the output into a JSON string: first what was published, then words.
    func writeChunk(_ index: Int, to buffer: inout ByteBuffer) {
        guard index > 0 else {
            JSONWriter.writeStringContent(content, to: &buffer)
            return
        }
        var random = SplitMix64(seed, 1, UInt64(truncatingIfNeeded: index))
        for _ in 0..<random.within(1...4) {
            buffer.writeInteger(UInt8(ascii: " "))
            buffer.writeStaticString(FlockWords.words[random.below(FlockWords.words.count)])
        }
    }

    /// Writes the whole output into a JSON string.
    func writeText(to buffer: inout ByteBuffer) {
        for index in 0..<chunkCount {
            writeChunk(index, to: &buffer)
        }
    }

    /// How long the run takes by now, in milliseconds with three decimals.
    func duration(at now: NIODeadline) -> ByteBuffer {
        let microseconds = max(0, (now - startedAt).nanoseconds / 1000)
        let rest = String(microseconds % 1000)
        return ByteBuffer(
            string: "\(microseconds / 1000).\(String(repeating: "0", count: 3 - rest.count))\(rest)"
        )
    }
}

/// What agents say, as it stands inside a JSON string; some of it is longer in bytes than in characters.
enum FlockWords {
    static let words: [StaticString] = [
        "dough", "tomato", "mozzarella", "basil", "oven", "crust", "jalapeño", "olives", "crème", "fraîche", "🍕", "hot",
        "thin", "a", "little", "more", "\\\"extra\\\"", "slice", "and", "then", "bake", "at", "450°", "until", "golden",
    ]
}
