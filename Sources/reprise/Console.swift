import Foundation
import Metrics
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The two streams that a person reads.
enum Console {
    /// What is drawn over itself at the end of the terminal; everything else goes above it.
    private static let view = Mutex<TerminalView?>(nil)

    /// Results.
    static func print(_ text: String) {
        write(text + "\n", to: .standardOutput)
    }

    /// What goes on, and errors.
    static func note(_ text: String) {
        write(text + "\n", to: .standardError)
    }

    /// Text as it is, to stderr.
    static func raw(_ text: String) {
        write(text, to: .standardError)
    }

    /// Shows the live view as it is now.
    static func show(_ content: LiveView) {
        view.withLock { view in
            var next = TerminalView(content, replacing: view)
            put(next.draw(), to: .standardError)
            view = next
        }
    }

    /// Takes the live view away, if there is one.
    static func endView() {
        view.withLock { view in
            if let text = view?.erase() { put(text, to: .standardError) }
            view = nil
        }
    }

    /// Whether there is a live view.
    static var hasView: Bool { view.withLock { $0 != nil } }

    static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
    static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Colour where a person looks and has not asked for none (no-color.org).
    static func usesColour(isTerminal: Bool) -> Bool {
        isTerminal && ProcessInfo.processInfo.environment["NO_COLOR"].map(\.isEmpty) ?? true
    }

    /// Writes above the live view, if there is one.
    private static func write(_ text: String, to handle: FileHandle) {
        view.withLock { view in
            if let text = view?.erase() { put(text, to: .standardError) }
            put(text, to: handle)
            if let text = view?.draw() { put(text, to: .standardError) }
        }
    }

    /// A closed pipe is no reason to fail: whoever read has seen enough.
    private static func put(_ text: String, to handle: FileHandle) {
        try? handle.write(contentsOf: Data(text.utf8))
    }
}
