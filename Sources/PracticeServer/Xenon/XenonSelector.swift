/// A selector and where it stands: To fix, Being verified, Fixed, or muted.
struct XenonSelector {
    enum Status: String {
        case active, pending, resolved, muted
    }

    /// What happens to it, in the words of its event.
    enum Change: CaseIterable {
        case fixed, progress, resolved, regressed, cancelled, muted, unmuted

        var event: XenonEvent {
            switch self {
            case .fixed: .selectorFixed
            case .progress: .selectorProgress
            case .resolved: .selectorResolved
            case .regressed: .selectorRegressed
            case .cancelled: .selectorCancelled
            case .muted: .selectorMuted
            case .unmuted: .selectorUnmuted
            }
        }
    }

    let id: String
    let strategy: StaticString
    let selector: String
    private(set) var status = Status.active
    private(set) var cleanBuilds = 0
    private(set) var regressions = 0
    let createdAt: Int64
    private(set) var fixedAt: Int64?
    private(set) var resolvedAt: Int64?
    private(set) var mutedAt: Int64?
    private(set) var changedAt: Int64
    /// The number of its next event.
    var sequence = 0

    /// How many clean builds resolve a selector.
    static let threshold = 3

    init(id: String, strategy: StaticString, selector: String, at time: Int64) {
        self.id = id
        self.strategy = strategy
        self.selector = selector
        createdAt = time
        changedAt = time
    }

    /// What the order of its events is checked within.
    var order: Int { Int(truncatingIfNeeded: stableHash(id)) }

    /// What happens next without a heal; nil where only a heal changes something.
    ///
    /// - Parameter draw: A number from 0 to 99.
    func next(_ draw: Int) -> Change? {
        switch status {
        case .active: draw < 70 ? .fixed : .muted
        case .pending where draw < 15: .cancelled
        case .pending: cleanBuilds + 1 < Self.threshold ? .progress : .resolved
        case .resolved: nil
        case .muted: .unmuted
        }
    }

    /// What a heal does to it.
    var healed: Change? {
        status == .pending || status == .resolved ? .regressed : nil
    }

    mutating func apply(_ change: Change, at time: Int64) {
        changedAt = time
        switch change {
        case .fixed:
            status = .pending
            fixedAt = time
            cleanBuilds = 0
        case .progress:
            cleanBuilds += 1
        case .resolved:
            status = .resolved
            cleanBuilds = Self.threshold
            resolvedAt = time
        case .regressed:
            status = .active
            regressions += 1
            cleanBuilds = 0
            resolvedAt = nil
        case .cancelled:
            status = .active
            fixedAt = nil
            cleanBuilds = 0
        case .muted:
            status = .muted
            mutedAt = time
        case .unmuted:
            status = .active
            mutedAt = nil
        }
    }
}
