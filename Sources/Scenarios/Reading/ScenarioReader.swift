/// Reads scenario files.
package struct ScenarioReader: Sendable {
    /// Judges the text of a check; nil where nothing is wrong with it.
    package typealias CheckSyntax = @Sendable (_ text: String, _ names: DeclaredNames) -> CheckProblem?

    let environment: [String: String]
    let overrides: Overrides
    let checkSyntax: CheckSyntax

    /// - Parameters:
    ///   - environment: What `${env.NAME}` reads.
    ///   - overrides: What the command line says instead of the file.
    ///   - checkSyntax: Judges the text of a check, whose language belongs to the metrics.
    package init(
        environment: [String: String],
        overrides: Overrides = Overrides(),
        checkSyntax: @escaping CheckSyntax = { _, _ in nil }
    ) {
        self.environment = environment
        self.overrides = overrides
        self.checkSyntax = checkSyntax
    }

    /// Reads a scenario from its text.
    ///
    /// - Parameters:
    ///   - text: YAML, or JSON where the file's name ends in `.json`.
    ///   - file: The name that diagnostics show.
    /// - Throws: Everything that is wrong with it, ordered by place.
    package func read(text: String, file: String) throws(ScenarioError) -> Scenario {
        throw ScenarioError(diagnostics: [])
    }

    /// Reads a scenario file of at most 1 MiB.
    package func read(path: String) throws(ScenarioError) -> Scenario {
        throw ScenarioError(diagnostics: [])
    }
}
