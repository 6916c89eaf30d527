import NIOCore

/// All faults of a server together, each in the form in which it is used.
struct FaultPlan: Sendable {
    var latency: (delay: TimeAmount, jitter: TimeAmount)?
    var chunks: Int?
    var chunkInterval: TimeAmount?
    var dropChunk: Int?
    var duplicateChunk: Int?
    var reorderChunks: Int?
    var truncate: Int?
    var refuse = 0.0
    var killAfter: TimeAmount?
    var sendsPings = true
    var answersPings = true
    var ignoresPlanLimit = false
    var cycle: Int?
    var limitsRates = false
    var leakSession: Int?
    var loseDelivery: Int?
    var doubleDelivery: Int?
    var swapDelivery: Int?
    var duplicateReply: Int?
    var wrongOrder: Int?
    var keepsLimits = true
    /// Whether everybody is asked for credentials; nil where that is as the dialect likes.
    var asksCredentials: Bool?
    /// Steps a second.
    var rate: Int?
    var prefix: String?
    var heartbeat: TimeAmount?
    var maxConnections: Int?
    var requiresToken = false
    /// The one token that will do; nil for any.
    var token: String?
    /// In bytes.
    var buffer: Int?
    var zombie: TimeAmount?
    var recovery: TimeAmount?
    /// Engine.IO's; nil for what the server was started with.
    var pingInterval: Duration?
    var pingTimeout: Duration?

    init(_ faults: [Fault] = []) {
        for fault in faults {
            switch fault {
            case .latency(let delay, let jitter): latency = (TimeAmount(delay), TimeAmount(jitter))
            case .chunks(let count): chunks = count
            case .chunkInterval(let interval): chunkInterval = TimeAmount(interval)
            case .dropChunk(let period): dropChunk = period
            case .duplicateChunk(let period): duplicateChunk = period
            case .reorderChunks(let period): reorderChunks = period
            case .truncate(let period): truncate = period
            case .refuse(let share): refuse = share
            case .killAfter(let delay): killAfter = TimeAmount(delay)
            case .noPing: sendsPings = false
            case .noPong: answersPings = false
            case .ignorePlanLimit: ignoresPlanLimit = true
            case .cycle(let period): cycle = period
            case .rateLimit: limitsRates = true
            case .leakSession(let period): leakSession = period
            case .loseDelivery(let period): loseDelivery = period
            case .doubleDelivery(let period): doubleDelivery = period
            case .swapDelivery(let period): swapDelivery = period
            case .duplicateReply(let period): duplicateReply = period
            case .wrongOrder(let period): wrongOrder = period
            case .ignoreLimits: keepsLimits = false
            case .authentication(let isAsked): asksCredentials = isAsked
            case .rate(let steps): rate = steps
            case .prefix(let path): prefix = path
            case .heartbeat(let interval): heartbeat = TimeAmount(interval)
            case .maxConnections(let count): maxConnections = count
            case .buffer(let bytes): buffer = bytes
            case .zombie(let time): zombie = TimeAmount(time)
            case .recovery(let time): recovery = TimeAmount(time)
            case .pingInterval(let time): pingInterval = time
            case .pingTimeout(let time): pingTimeout = time
            case .requireToken(let token):
                requiresToken = true
                self.token = token
            }
        }
    }
}
