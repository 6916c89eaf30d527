/// Who it is that exports: the attributes that all figures of a run have.
package struct OTLPResource: Sendable {
    /// Reprise's.
    package var version: String
    package var scenario: String
    /// As it may be shown.
    package var target: String
    package var seed: UInt64
    /// The name of the folder that holds the results.
    package var run: String
    /// Another one for each run, so that two with the same name are told apart.
    package var instance: String

    package init(version: String, scenario: String, target: String, seed: UInt64, run: String, instance: String) {
        self.version = version
        self.scenario = scenario
        self.target = target
        self.seed = seed
        self.run = run
        self.instance = instance
    }

    /// The first three are named by OpenTelemetry's conventions. What people wrote is without its secrets.
    func attributes(_ redactor: Redactor) -> [OTLP.Attribute] {
        [
            OTLP.Attribute("service.name", "reprise"),
            OTLP.Attribute("service.version", version),
            OTLP.Attribute("service.instance.id", instance),
            OTLP.Attribute("reprise.scenario", redactor.apply(scenario)),
            OTLP.Attribute("reprise.target", redactor.apply(target)),
            OTLP.Attribute("reprise.seed", String(seed)),
            OTLP.Attribute("reprise.run", redactor.apply(run)),
        ]
    }
}
