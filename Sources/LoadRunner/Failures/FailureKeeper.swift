import NIOCore
import Scenarios
import Synchronization

/// Keeps the tapes of clients that failed, over all workers.
///
/// Asked when a client starts and when one has failed, never by a message.
final class FailureKeeper: Sendable {
    private struct State {
        var selection: FailureSelection
        var kept: [KeptClient] = []
    }

    private let state: Mutex<State>
    private let over: Atomic<Bool>
    private let secrets: [String]

    /// Nil where nothing is to be kept.
    init?(_ count: Int, _ scenario: Scenario) {
        guard count > 0 else { return nil }
        let selection = FailureSelection(count: count)
        over = Atomic(selection.isOver)
        state = Mutex(State(selection: selection))
        secrets = scenario.environment.compactMap(\.value)
    }

    /// Whether no failure is kept any more.
    var isOver: Bool { over.load(ordering: .relaxed) }

    /// The tape for a client that starts; nil where it needs none.
    func tape(at now: NIODeadline) -> ClientTape? {
        isOver ? nil : ClientTape(at: now)
    }

    /// A place for a failure; nil where it is not kept.
    func admit(_ kind: FailureKind) -> FailureSelection.Admission? {
        guard !isOver else { return nil }
        return state.withLock { state in
            defer { if state.selection.isOver { over.store(true, ordering: .relaxed) } }
            return state.selection.admit(kind)
        }
    }

    /// Takes in what a client leaves.
    func keep(_ client: KeptClient) {
        var client = client
        client.secrets += secrets
        state.withLock { $0.kept.append(client) }
    }

    /// What has come since the last time, in the order in which it came.
    func takeAll() -> [KeptClient] {
        state.withLock { state in
            defer { state.kept.removeAll() }
            return state.kept
        }
    }
}
