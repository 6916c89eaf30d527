import Foundation
import Metrics
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The two streams that a person reads.
///
/// Whoever writes waits until it is written, but for a run: its seconds are not held up by a terminal that takes nothing.
enum Console {
    private static let writer = ConsoleWriter()
    private static let isDetached = Mutex(false)

    /// Results.
    static func print(_ text: String) {
        writer.print(text + "\n")
        settle()
    }

    /// What goes on, and errors.
    static func note(_ text: String) {
        writer.note(text + "\n")
        settle()
    }

    /// What goes on, though nobody may take it.
    static func mention(_ text: String) {
        writer.note(text + "\n")
    }

    /// What was asked for line by line: waits until it is written even in a run.
    static func trace(_ line: String) {
        writer.insist(line + "\n")
        writer.settle()
    }

    /// Text as it is, to stderr.
    static func raw(_ text: String) {
        writer.note(text)
        settle()
    }

    /// Shows the live view as it is now.
    static func show(_ content: LiveView) { writer.show(content) }

    /// Takes the live view away, if there is one.
    static func endView() {
        writer.endView()
        settle()
    }

    /// Draws the live view anew, for the terminal was somebody else's meanwhile.
    static func resume() {
        if hasView { writer.resume() }
    }

    /// Whether there is a live view.
    static var hasView: Bool { writer.hasView }

    /// Does something that must not wait for the terminal, and waits for it at the end.
    static func detached<Result>(_ body: () async throws -> Result) async rethrows -> Result {
        isDetached.withLock { $0 = true }
        do {
            let result = try await body()
            await attach()
            return result
        } catch {
            await attach()
            throw error
        }
    }

    private static func attach() async {
        await writer.settled()
        isDetached.withLock { $0 = false }
    }

    /// Takes the live view away if that is soon done; for a process that ends.
    static func leave() {
        writer.endView()
        writer.settle(within: .milliseconds(200))
    }

    private static func settle() {
        if !isDetached.withLock({ $0 }) { writer.settle() }
    }

    static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
    static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Colour where a person looks, the terminal has some, and nobody has asked for none (no-color.org).
    static func usesColour(
        isTerminal: Bool,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> Bool {
        isTerminal && environment["TERM"] != "dumb" && environment["NO_COLOR"].map(\.isEmpty) ?? true
    }
}
