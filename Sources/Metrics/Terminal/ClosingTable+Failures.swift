extension ClosingTable {
    /// So many recordings are named; the others are in the same folder.
    private static var shownFailures: Int { 8 }

    var failureLines: [String] {
        let failures = summary.failures
        guard let first = failures.first else { return [] }
        let count = failures.count
        let clients = "\(ValueText.grouped(count)) failed client\(count == 1 ? "" : "s")"
        var lines = ["\(title("kept \(clients)")): \(first.directory)"]
        lines += failures.prefix(Self.shownFailures).map { failure in
            // The name is never cut: it is there to be copied.
            let name = "  " + failure.fileName + String(repeating: " ", count: max(2, 46 - failure.fileName.count))
            return name + TerminalText.cut(redactor.apply(failure.step), max(12, TerminalText.width - name.count))
        }
        if count > Self.shownFailures { lines.append("  … and \(ValueText.grouped(count - Self.shownFailures)) more") }
        return lines
    }
}
