/// Which LeFlux a dialect speaks: a type without values, so that each generation is a dialect of its own.
protocol LeFluxGeneration: SendableMetatype {
    static var rules: LeFluxRules { get }
}

/// LeFlux as its document describes it.
enum LeFluxDocument: LeFluxGeneration {
    static let rules = LeFluxRules(system: "leflux", isCurrent: false)
}

/// LeFlux as its later documents describe it.
enum LeFluxCurrent: LeFluxGeneration {
    static let rules = LeFluxRules(system: "leflux-current", isCurrent: true)
}

/// What differs between the generations.
struct LeFluxRules: Sendable {
    let system: String
    /// Whether a session is made by a request and joined by its bare id, an older socket is told and not disconnected,
    /// the agent asks back, visible tabs send heartbeats, and a task that goes round is ended.
    let isCurrent: Bool
}
