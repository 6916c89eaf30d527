import Foundation
import Scenarios
import Testing

@Suite("Scenario files that ship")
struct ShippedScenariosTests {
    static var files: [String] {
        let folder = repository.appending(path: "scenarios")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
        return names.filter { $0.hasSuffix(".yaml") }.sorted()
    }

    @Test("there are the two that this version promises")
    func names() {
        #expect(Set(Self.files).isSuperset(of: ["leflux.yaml", "runaway-loop.yaml"]))
    }

    @Test("every file reads without an error or a warning", arguments: files)
    func reads(file: String) throws {
        let path = repository.appending(path: "scenarios/\(file)").path()
        let scenario = try ScenarioReader(environment: [:]).read(path: path)
        #expect(scenario.warnings.isEmpty)
        #expect(!scenario.groups.isEmpty)
        #expect(!scenario.checks.isEmpty)
    }

    @Test("leflux lets 2000 clients come and go in half a minute")
    func leflux() throws {
        let path = repository.appending(path: "scenarios/leflux.yaml").path()
        let scenario = try ScenarioReader(environment: [:]).read(path: path)
        #expect(scenario.load.peakClients == 2000)
        #expect(scenario.load.duration == .seconds(30))
        #expect(
            scenario.groups.map(\.name) == [
                "visitor", "returning", "impatient", "wanderer", "endless", "careful", "tab", "prober", "stranger",
            ]
        )
        #expect(scenario.groups.map(\.share) == [24, 6, 2, 2, 1, 2, 2, 1, 1])
        #expect(scenario.groups[0].readsEvent)
        #expect(!scenario.groups[8].readsEvent)
        #expect(!scenario.groups[0].readsSent)
        #expect(
            Set(scenario.counters) == [
                "message", "ui_block", "server_error", "tab_stayed", "tab_kicked", "session_not_restored",
            ]
        )
        let plan = try #require(scenario.groups[0].flow.compactMap(plan(in:)).first)
        #expect(plan.actions.alternatives.count == 2)
        #expect(plan.clientLimit == 5)
        #expect(plan.serverLimit == 30)
        #expect(plan.cycle == 5)
        #expect(plan.same == ["type", "action", "elementId"])
    }

    @Test("runaway-loop meets a server that ignores its limit and never stops by itself")
    func runawayLoop() throws {
        let path = repository.appending(path: "scenarios/runaway-loop.yaml").path()
        let scenario = try ScenarioReader(environment: [:]).read(path: path)
        let target = scenario.groups[0].target
        #expect(target.location == .practice(system: "leflux", faults: ["ignore-plan-limit", "cycle=3"]))
        let plan = try #require(scenario.groups[0].flow.compactMap(plan(in:)).first)
        #expect(plan.clientLimit == nil)
        #expect(plan.serverLimit == 30)
        #expect(scenario.checks.map(\.text) == ["plan.runaway == 0"])
    }

    @Test("the example of the design is read as it stands")
    func designExample() throws {
        let url = try #require(
            Bundle.module.url(forResource: "leflux-design", withExtension: "yaml", subdirectory: "Fixtures")
        )
        let scenario = try ScenarioReader(environment: [:]).read(path: url.path())
        #expect(scenario.warnings.isEmpty)
        #expect(scenario.groups.map(\.reconnect) == [.policy(.socketIO), .policy(.socketIO)])
        #expect(scenario.groups.map(\.rejoin.count) == [3, 3])
    }

    private func plan(in step: Step) -> PlanStep? {
        switch step.action {
        case .plan(let plan): plan
        case .repeat(let loop): loop.flow.compactMap { self.plan(in: $0) }.first
        default: nil
        }
    }
}
