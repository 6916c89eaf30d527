/// The steps of the language, each by the key that names it.
enum StepKind: String, CaseIterable, Sendable {
    case connect, disconnect, acknowledge, await, choose, count, drop, emit, fail, fanout, http, pace, plan, `repeat`,
        send,
        set
    case stall, stream, think, wait, when

    /// The map that the step is; its first key has the step's name.
    var shape: any MapShape.Type {
        switch self {
        case .connect: ConnectKey.self
        case .disconnect: DisconnectKey.self
        case .acknowledge: AcknowledgeKey.self
        case .await: AwaitKey.self
        case .choose: ChooseKey.self
        case .count: CountKey.self
        case .drop: DropKey.self
        case .emit: EmitKey.self
        case .fail: FailKey.self
        case .fanout: FanOutKey.self
        case .http: HTTPKey.self
        case .pace: PaceKey.self
        case .plan: PlanKey.self
        case .repeat: RepeatKey.self
        case .send: SendKey.self
        case .set: SetKey.self
        case .stall: StallKey.self
        case .stream: StreamKey.self
        case .think: ThinkKey.self
        case .wait: WaitKey.self
        case .when: WhenKey.self
        }
    }

    /// It may stand as a word alone.
    var isBare: Bool {
        switch self {
        case .connect, .disconnect, .acknowledge: true
        default: false
        }
    }

    static var names: [String] { allCases.map(\.rawValue) }

    /// The key that names the step: of several the one that the others are options of, else the first.
    static func name(among keys: [String]) -> String? {
        let names = keys.filter { StepKind(rawValue: $0) != nil }
        let owner = names.first { name in
            let own = StepKind(rawValue: name)?.shape.names ?? []
            return names.allSatisfy { $0 == name || own.contains($0) }
        }
        return owner ?? names.first
    }
}
