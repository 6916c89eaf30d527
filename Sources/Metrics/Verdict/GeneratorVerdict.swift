/// Whether the generator was the bottleneck of a run, and why.
package struct GeneratorVerdict: Hashable, Sendable {
    package let isBottleneck: Bool
    /// Sentences; empty where it was not.
    package let reasons: [String]
    /// Sentences that do not make the figures untrue.
    package let warnings: [String]

    package init(isBottleneck: Bool, reasons: [String], warnings: [String]) {
        self.isBottleneck = isBottleneck
        self.reasons = reasons
        self.warnings = warnings
    }
}
