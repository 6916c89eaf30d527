/// What the server is doing about a question: first it answers, then it lets the client act.
struct LeFluxTask {
    enum Phase {
        /// The first chunk is due next.
        case thinking
        case streaming
        /// Waits for `confirmation_response`.
        case confirming
        /// Waits for `continue_task`.
        case acting
        /// Waits for the visitor's answer to `ask_user`.
        case asking
        /// The visitor answered; the first plan is due next.
        case answered
    }

    let script: LeFluxScript
    let streamID: String
    var phase = Phase.thinking
    /// Nobody is there to hear; it goes on when somebody joins.
    var isHeld = false
    /// The plan that was sent last; 0 before the first.
    var plan = 0
    /// The client told that it did what the last plan says.
    var isReported = false
    var loopGuard = LeFluxLoopGuard()

    /// How many chunks this answer gets; less than the script's where it is truncated.
    var slots: Int
    var isTruncated = false
    /// The place in the order of sending that comes next.
    var slot = 0
    /// The chunk before this slot's was overtaken and is sent now.
    var isDisplaced = false
    /// Chunks that a returning client does not get either.
    var withheld: [Int] = []

    init(script: LeFluxScript) {
        self.script = script
        streamID = script.streamID
        slots = script.chunkCount
    }
}
