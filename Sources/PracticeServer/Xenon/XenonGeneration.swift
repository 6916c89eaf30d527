/// Which Xenon a dialect speaks: a type without values, so that each generation is a dialect of its own.
protocol XenonGeneration: SendableMetatype {
    static var system: String { get }
    /// Whether it takes bearer tokens and pairs of keys, and tells of phones and recordings.
    static var isCurrent: Bool { get }
}

/// Xenon as its document describes it.
enum XenonDocument: XenonGeneration {
    static let system = "xenon"
    static let isCurrent = false
}

/// Xenon as its sources and its web pages show it today.
///
/// Source: Rabindra184/xenon, src/services/SocketServer.ts and the page "Real-time events".
enum XenonCurrent: XenonGeneration {
    static let system = "xenon-current"
    static let isCurrent = true
}
