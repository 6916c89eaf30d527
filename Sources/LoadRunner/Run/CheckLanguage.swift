package import Metrics
package import Scenarios

/// Brings the two halves of a check together: the scenario holds its text, the metrics know what it means.
package enum CheckLanguage {
    /// What is wrong with a check's text; for `ScenarioReader`.
    package static func problem(in text: String, _ declared: DeclaredNames) -> CheckProblem? {
        do throws(CheckSyntaxError) {
            _ = try Check.parse(text, names: CheckNames(declared))
            return nil
        } catch {
            return CheckProblem(
                range: error.range,
                message: error.message.asDiagnostic,
                suggestion: error.suggestion.map { "write '\($0)'" }
            )
        }
    }

    /// The checks of a scenario that was read with `problem(in:_:)`.
    package static func checks(of scenario: Scenario) throws -> [Check] {
        let names = CheckNames(scenario)
        return try scenario.checks.map {
            try Check.parse(
                $0.text,
                isOptional: $0.isOptional,
                aborts: $0.aborts,
                after: $0.after,
                names: names
            )
        }
    }
}

extension String {
    /// A sentence as diagnostics word it: `There is no metric.` becomes `there is no metric`.
    fileprivate var asDiagnostic: String {
        let text = last == "." ? dropLast() : self[...]
        return text.prefix(1).lowercased() + text.dropFirst()
    }
}

extension CheckNames {
    fileprivate init(_ declared: DeclaredNames) {
        self.init(
            groups: declared.groups,
            phases: declared.phases,
            measures: declared.measures + declared.acknowledgedEvents.map { "ack.\($0)" }
                + (declared.usesHTTP ? ["http"] : []),
            streams: declared.streams,
            plans: declared.plans,
            counters: declared.counters,
            events: declared.receivedEvents
        )
    }

    fileprivate init(_ scenario: Scenario) {
        self.init(
            groups: scenario.groups.map(\.name),
            phases: scenario.load.phases.compactMap(\.name),
            counters: scenario.counters,
            events: scenario.events,
            replayed: scenario.replay?.events.map(\.name) ?? []
        )
        for group in scenario.groups {
            group.forEachStep { step in
                switch step.action {
                case .emit(let emit):
                    guard let acknowledgement = emit.acknowledgement else { return }
                    measures += ["ack.\(group.name(of: emit))"] + [acknowledgement.measure].compactMap(\.self)
                case .http(let request): measures += ["http"] + [request.measure].compactMap(\.self)
                case .await(let wait): measures += [wait.measure].compactMap(\.self)
                case .stream(let stream): streams.append(stream.name)
                case .plan(let plan): plans.append(plan.name)
                default: break
                }
            }
        }
    }
}
