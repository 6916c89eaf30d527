/// What a visitor gets for certain, by the first word of a message; all other messages get what the seed will have.
enum LeFluxWish: String {
    /// A task of more plans than a widget answers.
    case long = "/long"
    /// A task that ends only at the server's limit.
    case endless = "/endless"
    /// A task that is to be confirmed.
    case confirm = "/confirm"
    /// No answer but a `message` that is an error.
    case fail = "/fail"
    /// A task for which the agent has to ask back; today's LeFlux only.
    case ask = "/ask"
    /// A task that gets nowhere, and is ended for it; today's LeFlux only.
    case loop = "/loop"

    /// How many plans a long task has.
    static let longPlanCount = 8

    init?(message: String, _ rules: LeFluxRules) {
        guard let word = message.split(separator: " ", maxSplits: 1).first,
            let wish = LeFluxWish(rawValue: String(word))
        else { return nil }
        guard rules.isCurrent || (wish != .ask && wish != .loop) else { return nil }
        self = wish
    }
}
