/// Everything that is wrong with a scenario file, in one go; of very many errors, or warnings, the first 200.
package struct ScenarioError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Errors and warnings, ordered by place; at least one is an error.
    package var diagnostics: [Diagnostic]

    package init(diagnostics: [Diagnostic]) {
        self.diagnostics = diagnostics
    }

    package var description: String {
        diagnostics.map { $0.rendered(colour: false) }.joined(separator: "\n")
    }
}
