import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The two streams that a person reads.
enum Console {
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

    static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
    static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Colour where a person looks and has not asked for none (no-color.org).
    static func usesColour(isTerminal: Bool) -> Bool {
        isTerminal && ProcessInfo.processInfo.environment["NO_COLOR"].map(\.isEmpty) ?? true
    }

    /// A closed pipe is no reason to fail: whoever read has seen enough.
    private static func write(_ text: String, to handle: FileHandle) {
        try? handle.write(contentsOf: Data(text.utf8))
    }
}
