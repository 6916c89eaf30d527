package import NIOCore
import Wire

/// Reads a recording from pieces of its file, a line at a time.
///
/// Feed it the file's bytes in pieces of any size, then `finish` it. After an error nothing more may be fed. What a
/// file holds never traps, and costs at most the longest line in memory.
package struct RecordingReader {
    /// Bytes of a line, unless the caller says otherwise.
    package static var maximumLine: Int { 32 << 20 }

    /// The first line, once it was read.
    package private(set) var header: RecordingHeader?
    /// What is doubtful: a torn last line, kinds of entries that are not known.
    package private(set) var warnings: [Diagnostic] = []

    private let file: String
    private let maximumLine: Int
    private var pending = ByteBuffer()
    /// How many bytes of `pending` hold no end of line.
    private var searched = 0
    private var line = 0
    private var unknownKinds: Set<String> = []

    /// - Parameters:
    ///   - file: The name that diagnostics show.
    ///   - maximumLine: Bytes of one line.
    package init(file: String, maximumLine: Int = Self.maximumLine) {
        self.file = file
        self.maximumLine = maximumLine
    }

    /// Takes the next bytes of the file; returns the entries of the lines that they complete.
    package mutating func feed(_ piece: ByteBuffer) throws(Diagnostic) -> [RecordingEntry] {
        var piece = piece
        pending.writeBuffer(&piece)
        var entries: [RecordingEntry] = []
        while let length = nextLine() {
            guard let bytes = pending.readSlice(length: length) else { break }
            pending.moveReaderIndex(forwardBy: 1)
            searched = 0
            try take(bytes, isLast: false, &entries)
        }
        if pending.readableBytes > maximumLine { throw tooLong() }
        pending.discardReadBytes()
        return entries
    }

    /// Ends the file: returns the entry of a last line without an end.
    package mutating func finish() throws(Diagnostic) -> [RecordingEntry] {
        var entries: [RecordingEntry] = []
        if pending.readableBytes > 0, let rest = pending.readSlice(length: pending.readableBytes) {
            try take(rest, isLast: true, &entries)
        }
        guard header != nil else {
            throw diagnostic(
                .missing,
                "this is no recording: its first line is missing",
                1,
                RecordingReader.headerHelp,
                line: 1
            )
        }
        return entries
    }
}

extension RecordingReader {
    static var headerHelp: String {
        "a recording begins with {\"reprise\":1,\"target\":…}, as `reprise record` writes it"
    }

    private mutating func nextLine() -> Int? {
        let view = pending.readableBytesView.dropFirst(searched)
        guard let end = view.firstIndex(of: UInt8(ascii: "\n")) else {
            searched = pending.readableBytes
            return nil
        }
        return end - pending.readableBytesView.startIndex
    }

    private mutating func take(
        _ bytes: ByteBuffer,
        isLast: Bool,
        _ entries: inout [RecordingEntry]
    ) throws(Diagnostic) {
        line += 1
        if bytes.readableBytes > maximumLine { throw tooLong(line: line) }
        let result = bytes.withUnsafeReadableBytes { all in
            Result { () throws(Diagnostic) in try parse(all, isLast: isLast) }
        }
        guard let tree = try result.get() else { return }
        do throws(RecordingProblem) {
            if header == nil {
                header = try RecordingHeader(tree)
            } else if let entry = try RecordingEntry(tree) {
                entries.append(entry)
            } else if case .string(let kind)? = tree["dir"], unknownKinds.count < 8,
                unknownKinds.insert(kind).inserted
            {
                warnings.append(
                    diagnostic(
                        .badValue,
                        "lines with \"dir\": \"\(kind)\" are not known and left out",
                        1,
                        nil,
                        .warning
                    )
                )
            }
        } catch {
            let column = bytes.withUnsafeReadableBytes { Self.column(ofMember: error.member, in: $0) }
            throw diagnostic(error.code, error.message, column, error.suggestion)
        }
    }

    /// The value of a line; nil for one that is empty, or torn at the end.
    private mutating func parse(_ all: UnsafeRawBufferPointer, isLast: Bool) throws(Diagnostic) -> JSONValue? {
        let start = line == 1 && all.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let text = UnsafeRawBufferPointer(rebasing: all[start...])
        if text.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { return nil }
        do throws(JSONError) {
            return try JSONValue(parsing: text, range: 0..<text.count, maximumDepth: 16)
        } catch {
            if isLast, line > 1 {
                warnings.append(
                    diagnostic(
                        .badValue,
                        "the last line is torn and left out",
                        1,
                        "the recorder was ended while it wrote the line; all before it is whole",
                        .warning
                    )
                )
                return nil
            }
            let column = text[..<min(error.offset, text.count)].count { $0 & 0xC0 != 0x80 } + 1
            let reason = error.reason.prefix(1).lowercased() + error.reason.dropFirst().dropLast()
            throw diagnostic(
                .badValue,
                "this is no JSON: \(reason)",
                column,
                line == 1 ? Self.headerHelp : nil
            )
        }
    }

    /// Where the value of a member stands; the line's start where it has none.
    private static func column(ofMember name: String?, in line: UnsafeRawBufferPointer) -> Int {
        guard let name, let root = JSONScanner.value(at: 0, in: line), root.kind == .object else { return 1 }
        var member = JSONScanner.firstMember(ofObjectAt: root.range, in: line)
        while let current = member {
            if JSONScanner.string(of: current.name, in: line) == name {
                return line[..<current.value.range.lowerBound].count { $0 & 0xC0 != 0x80 } + 1
            }
            member = JSONScanner.nextMember(after: current, in: line)
        }
        return 1
    }

    private func tooLong(line: Int? = nil) -> Diagnostic {
        diagnostic(
            .limit,
            "a line has more than \(Amounts.text(ofSize: maximumLine))",
            1,
            nil,
            line: line ?? self.line + 1
        )
    }

    private func diagnostic(
        _ code: Diagnostic.Code,
        _ message: String,
        _ column: Int,
        _ help: String?,
        _ severity: Diagnostic.Severity = .error,
        line: Int? = nil
    ) -> Diagnostic {
        Diagnostic(
            severity: severity,
            code: code,
            message: message,
            place: SourcePlace(file: file, line: line ?? self.line, column: column),
            suggestion: help
        )
    }
}
