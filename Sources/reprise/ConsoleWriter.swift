import Dispatch
import Foundation
import Metrics
import Synchronization

/// Writes what a person reads, on a thread of its own: a terminal that takes nothing (Ctrl-S) holds up nobody else.
///
/// Of the live view only the latest waits; of notes that nobody waits for, so many that a pause of minutes loses none.
final class ConsoleWriter: Sendable {
    /// The most notes that wait.
    static let noteLimit = 10_000

    private enum Piece {
        case text(String, FileHandle)
        case leftOut(Int)
    }

    private struct State {
        var pieces: [Piece] = []
        var leftOut = 0
        /// What is to be seen at the end of the terminal.
        var view: LiveView?
        /// What is there is not that, or not in its place.
        var isStale = false
        /// The terminal does not show any more what was drawn.
        var forgets = false
        var isWriting = false
    }

    private let output: FileHandle
    private let error: FileHandle
    private let state = Mutex(State())
    /// What is drawn; used on the queue alone.
    private let drawn = Mutex<TerminalView?>(nil)
    private let queue = DispatchQueue(label: "reprise.console")

    init(output: FileHandle = .standardOutput, error: FileHandle = .standardError) {
        self.output = output
        self.error = error
    }

    // MARK: From anywhere

    /// Whether there is to be a live view.
    var hasView: Bool { state.withLock { $0.view != nil } }

    /// A result, which is never left out.
    func print(_ text: String) { add { $0.pieces.append(.text(text, self.output)) } }

    /// What goes on, and is never left out either.
    func insist(_ text: String) { add { $0.pieces.append(.text(text, self.error)) } }

    /// What goes on: left out where too much waits.
    func note(_ text: String) {
        add { state in
            guard state.pieces.count < Self.noteLimit else {
                state.leftOut += 1
                return
            }
            state.pieces.append(.text(text, self.error))
        }
    }

    /// Shows the live view as it is now, in place of any that waits.
    func show(_ view: LiveView) {
        add {
            $0.view = view
            $0.isStale = true
        }
    }

    /// Takes the live view away, if there is one.
    func endView() {
        add {
            $0.isStale = $0.isStale || $0.view != nil
            $0.view = nil
        }
    }

    /// Draws the live view anew where the cursor is: the terminal was somebody else's meanwhile.
    func resume() {
        add {
            $0.forgets = true
            $0.isStale = true
        }
    }

    /// Waits until all is written.
    func settle() { queue.sync {} }

    /// Waits until all is written, and holds no thread meanwhile.
    func settled() async {
        await withCheckedContinuation { continuation in queue.async { continuation.resume() } }
    }

    /// Waits until all is written, but not for long.
    func settle(within time: DispatchTimeInterval) {
        let group = DispatchGroup()
        queue.async(group: group) {}
        _ = group.wait(timeout: .now() + time)
    }

    private func add(_ change: (inout State) -> Void) {
        let starts = state.withLock { state in
            change(&state)
            defer { state.isWriting = true }
            return !state.isWriting
        }
        if starts { queue.async { self.write() } }
    }

    // MARK: On the queue

    private func write() {
        while let next = takeNext() { drawn.withLock { write(next, &$0) } }
    }

    /// What waits; nil where nothing does, and then the next that comes starts the writing again.
    private func takeNext() -> State? {
        state.withLock { state in
            guard !state.pieces.isEmpty || state.isStale || state.leftOut > 0 else {
                state.isWriting = false
                return nil
            }
            let taken = state
            if state.leftOut > 0 { state.pieces = [.leftOut(state.leftOut)] } else { state.pieces = [] }
            state.leftOut = 0
            state.isStale = false
            state.forgets = false
            return taken
        }
    }

    /// Writes above the live view, and draws it below.
    private func write(_ next: State, _ drawn: inout TerminalView?) {
        if next.forgets { drawn = nil }
        if !next.pieces.isEmpty || next.view == nil, let text = drawn?.erase() { put(text, to: error) }
        for piece in next.pieces {
            switch piece {
            case .text(let text, let handle): put(text, to: handle)
            case .leftOut(let count): put("… \(count) lines were left out: nobody took them\n", to: error)
            }
        }
        guard let view = next.view else {
            drawn = nil
            return
        }
        var following = TerminalView(view, replacing: drawn)
        put(following.draw(), to: error)
        drawn = following
    }

    /// A closed pipe is no reason to fail: whoever read has seen enough.
    private func put(_ text: String, to handle: FileHandle) {
        try? handle.write(contentsOf: Data(text.utf8))
    }
}
