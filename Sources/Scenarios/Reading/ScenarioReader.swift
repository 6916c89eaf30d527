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
        try read(text: text, file: file, limits: .file)
    }

    /// The same with other limits than those of a file that a person wrote.
    func read(text: String, file: String, limits: SourceTree.Limits) throws(ScenarioError) -> Scenario {
        let text = text.first == "\u{FEFF}" ? String(text.dropFirst()) : text
        let session = ReadingSession(source: SourceText(file: file, text: text), environment: environment)
        let root: SourceNode
        do throws(Diagnostic) {
            root = try SourceTree.parse(text, source: session.source, limits: limits)
        } catch {
            throw ScenarioError(diagnostics: [error])
        }
        let scenario = scenario(root, session)
        let diagnostics = session.diagnostics.enumerated()
            .sorted { ($0.element.place, $0.offset) < ($1.element.place, $1.offset) }
            .map(\.element)
        guard !session.hasErrors, var scenario else { throw ScenarioError(diagnostics: diagnostics) }
        scenario.warnings = diagnostics
        return scenario
    }

    /// Reads a scenario file of at most 1 MiB.
    ///
    /// - Throws: Everything that is wrong with it, ordered by place; also that there is no such file.
    package func read(path: String) throws(ScenarioError) -> Scenario {
        try read(text: Self.text(ofFile: path), file: path)
    }

    /// The text of a scenario file of at most 1 MiB.
    package static func text(ofFile path: String) throws(ScenarioError) -> String {
        do {
            return try SourceFile.text(path: path)
        } catch {
            throw ScenarioError(diagnostics: [error])
        }
    }
}
