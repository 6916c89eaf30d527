import Foundation
import Metrics

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The live view on the terminal that stderr is.
struct TerminalView: Sendable {
    private let view: LiveView
    private let usesColours: Bool
    private var block = TerminalBlock()

    init(_ view: LiveView, replacing earlier: TerminalView? = nil) {
        self.view = view
        usesColours = Console.usesColour(isTerminal: true)
        if let earlier { block = earlier.block }
    }

    /// What draws the view as it is now, for the terminal's size as it is now.
    mutating func draw() -> String {
        let size = Self.size
        return block.draw(
            view.lines(columns: size.columns, rows: size.rows),
            columns: size.columns,
            usesColours: usesColours
        )
    }

    /// What takes it away.
    mutating func erase() -> String {
        block.erase(columns: Self.size.columns)
    }

    /// Whether stderr is a terminal that can move its cursor.
    static var isPossible: Bool {
        let terminal = ProcessInfo.processInfo.environment["TERM"] ?? ""
        return Console.errorIsTerminal && !terminal.isEmpty && terminal != "dumb"
    }

    private static var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return (80, 24) }
        return (Int(size.ws_col), size.ws_row > 0 ? Int(size.ws_row) : 24)
    }
}
