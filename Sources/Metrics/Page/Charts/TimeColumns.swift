/// The columns of a timeline: each stands for the same number of seconds, and there are not more than one can see.
struct TimeColumns: Hashable, Sendable {
    /// As many as a chart of usual width can show apart from one another.
    static let limit = 400

    /// The seconds of the run.
    let seconds: Int
    /// The seconds of one column.
    let step: Int
    let count: Int

    init(seconds: Int, limit: Int = Self.limit) {
        self.seconds = max(seconds, 1)
        step = (self.seconds + limit - 1) / limit
        count = (self.seconds + step - 1) / step
    }

    /// The seconds from the left edge to the right one: those of all columns, of which the last may not be full.
    var span: Double { Double(count * step) }

    /// Where a moment stands between the left edge, 0, and the right one, 1.
    func fraction(_ seconds: Double) -> Double {
        max(0, min(seconds / span, 1))
    }
}
