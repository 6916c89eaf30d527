import Foundation
import NIOCore
import Scenarios
import Wire

/// A scenario of the text; its environment is what the test says.
func read(
    _ text: String,
    environment: [String: String] = [:],
    overrides: Overrides = Overrides(),
    file: String = "test.yaml",
    checkSyntax: @escaping ScenarioReader.CheckSyntax = { _, _ in nil }
) throws(ScenarioError) -> Scenario {
    try ScenarioReader(environment: environment, overrides: overrides, checkSyntax: checkSyntax)
        .read(text: text, file: file)
}

/// What is wrong with the text; empty where nothing is.
func problems(_ text: String, environment: [String: String] = [:], file: String = "test.yaml") -> [Diagnostic] {
    do {
        return try read(text, environment: environment, file: file).warnings
    } catch {
        return error.diagnostics
    }
}

/// A scenario around a flow, whose steps are indented by two spaces.
func scenario(flow: String, top: String = "") -> String {
    """
    name: test
    target: { url: "practice:leflux" }
    load: [ { for: 1s, clients: 1 } ]
    \(top)
    flow:
    \(flow.split(separator: "\n", omittingEmptySubsequences: false).map { "  " + $0 }.joined(separator: "\n"))
    """
}

/// What one flow is made of.
func steps(_ flow: String, top: String = "") throws(ScenarioError) -> [Step] {
    try read(scenario(flow: flow, top: top)).groups[0].flow
}

/// What is wrong with one flow.
func problems(flow: String, top: String = "") -> [Diagnostic] {
    problems(scenario(flow: flow, top: top))
}

/// The folder of the repository.
var repository: URL {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
}

/// The values of one client as the engine makes them.
func clientValues(_ group: ClientGroup, seed: UInt64 = 1, slot: Int = 0, generation: Int = 0) -> ClientValues {
    var values = ClientValues(
        slotCount: group.slotCount,
        random: ClientRandom(seed: seed, slot: slot, generation: generation, stream: 0),
        clientIndex: slot
    )
    values.epochMilliseconds = 1_769_850_300_007
    for assignment in group.variables {
        values.variables[assignment.slot] = assignment.value.value(&values, event: nil)
    }
    return values
}

/// Calls the closure with a view of an event `["name", argument, …]`.
func withEvent<Result>(_ json: String, _ body: (EventView) throws -> Result) rethrows -> Result {
    try Array(json.utf8).withUnsafeBytes { bytes in
        let name = JSONScanner.firstElement(ofArrayAt: 0..<bytes.count, in: bytes)
        let first = name.flatMap { JSONScanner.nextElement(after: $0, in: bytes) }
        return try body(EventView(bytes: bytes, first: first?.range, list: 0..<bytes.count, skipped: 1))
    }
}

extension JSONTemplate {
    /// The document as text.
    func rendered(_ values: inout ClientValues, event: EventView? = nil) -> String {
        var buffer = ByteBuffer()
        append(to: &buffer, &values, event: event)
        return String(buffer: buffer)
    }
}
