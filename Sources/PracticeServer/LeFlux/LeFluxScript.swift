import NIOCore

/// All that the server says to one question.
///
/// It follows from the seed, the session's id and the number of the question alone, whatever else goes on; chunks
/// and plans are composed when they are due and kept nowhere.
struct LeFluxScript {
    /// What comes between the answer and the task.
    enum Extra {
        case nothing
        case message(isQuestion: Bool)
        case block
    }

    /// Names the answer; also the root of everything random in it.
    let seed: UInt64
    let chunkCount: Int
    /// From 1 to 4, or as many as a long task has; an endless one, and faults, make the server send more.
    let planCount: Int
    let extra: Extra
    let asksConfirmation: Bool
    let wish: LeFluxWish?
    private let namesSteps: Bool
    private let cycle: Int?

    /// - Parameters:
    ///   - session: The stable hash of the session's id.
    ///   - question: 1 for the first of a session.
    init(
        seed: UInt64,
        session: UInt64,
        question: Int,
        wish: LeFluxWish?,
        faults: FaultPlan,
        _ rules: LeFluxRules
    ) {
        var random = SplitMix64(seed, session, UInt64(truncatingIfNeeded: question))
        self.seed = random.next()
        let drawn = random.within(8...20)
        chunkCount = faults.chunks ?? drawn
        let plans = random.within(1...4)
        planCount = wish == .long ? LeFluxWish.longPlanCount : plans
        extra =
            switch random.below(8) {
            case 0: .message(isQuestion: false)
            case 1: .message(isQuestion: true)
            case 2, 3: .block
            default: .nothing
            }
        let isConfirmed = random.below(5) == 0
        asksConfirmation = wish == .confirm || (wish == nil && isConfirmed)
        self.wish = wish
        namesSteps = rules.isCurrent
        cycle = faults.cycle
    }

    var streamID: String { "stream-" + hexadecimal(seed) }

    var messageID: String { "message-" + hexadecimal(SplitMix64.mix(seed)) }

    /// Writes the text of one chunk into a JSON string.
    func writeDelta(_ index: Int, to buffer: inout ByteBuffer) {
        var random = SplitMix64(seed, 1, UInt64(truncatingIfNeeded: index))
        for _ in 0..<random.within(2...5) {
            buffer.writeStaticString(LeFluxWords.words[random.below(LeFluxWords.words.count)])
            buffer.writeInteger(UInt8(ascii: " "))
        }
    }

    /// Writes the whole text of the answer into a JSON string.
    func writeText(to buffer: inout ByteBuffer) {
        for index in 0..<chunkCount {
            writeDelta(index, to: &buffer)
        }
    }

    /// Whether the task comes to no end by itself.
    var isEndless: Bool { cycle != nil || wish == .endless || wish == .loop }

    /// The n-th plan of the task, from 1.
    func plan(_ number: Int) -> LeFluxPlan {
        if let cycle { return LeFluxPlan(seed: seed, number: number, cycle: cycle) }
        if wish == .loop { return LeFluxPlan(loopOf: seed, number: number) }
        return LeFluxPlan(seed: seed, number: number, namesSteps: namesSteps)
    }
}

/// Sixteen digits.
func hexadecimal(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}
