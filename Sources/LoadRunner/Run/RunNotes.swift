import Metrics
package import Scenarios

/// What has to be said about a run's figures besides themselves.
package enum RunNotes {
    /// Sentences for the report.
    package static func notes(on result: RunResult, of scenario: Scenario) -> [String] {
        var notes: [String] = []
        if case .aborted(let reason) = result.ending { notes.append(reason) }
        notes += result.networkNotes
        notes += result.sideNotes
        notes += failedCommands(result)
        notes += missingEvents(result, scenario)
        let isClosed = scenario.load.phases.contains { if case .clients = $0.model { true } else { false } }
        if isClosed { notes.append(RunSummary.closedLoadNote) }
        return notes
    }

    /// Commands of `faults:` that did not do what they should.
    private static func failedCommands(_ result: RunResult) -> [String] {
        result.faults.compactMap { mark in
            guard let command = mark.command, !command.isSuccess else { return nil }
            let said = command.lastLine.map { "; it said: \($0)" } ?? ""
            return "the command of \(mark.place), `\(mark.text)`, failed: \(command.text)\(said)"
        }
    }

    /// Events that steps wait for and that never came, with the nearest name that did.
    private static func missingEvents(_ result: RunResult, _ scenario: Scenario) -> [String] {
        guard result.reachedTarget else { return [] }
        var awaited: Set<EventID> = []
        for group in scenario.groups {
            group.forEachStep { step in
                switch step.action {
                case .await(let wait): awaited.formUnion(wait.match.events)
                case .stream(let stream): awaited.formUnion(stream.chunk.events + stream.done.events)
                case .plan(let plan): awaited.formUnion(plan.event.events + plan.done.events)
                default: break
                }
            }
        }
        let came = result.totals.receivedEventNames
        return awaited.sorted().compactMap { event in
            let name = scenario.events[event]
            // The ends of connections are no messages, and are in no count of those.
            guard name != "closed", name != "refused", !came.contains(name) else { return nil }
            let nearest = EditDistance.nearest(to: name, in: came)
            let hint = nearest.map { "; did you mean `\($0)`, which did?" } ?? ""
            return "the event `\(name)`, which a step waits for, never came\(hint)"
        }
    }
}
