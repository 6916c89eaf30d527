package import NIOCore
import Wire

/// Makes a recording of a HAR file that has the messages of its WebSockets, as Chrome, Playwright and mitmproxy write it.
///
/// Each message has `type` (`send` or `receive`), `time` in seconds since 1970, `opcode` and `data`, base64 for a binary
/// one. Traffic of Engine.IO over polling is taken from the plain entries. What a file holds never traps.
package struct HARReader {
    let file: String
    var warnings: [Diagnostic] = []
    var entries: [(at: Double, entry: RecordingEntry)] = []
    var connections = 0
    /// The connection of each session of Engine.IO.
    var sessions: [String: Int] = [:]
    var counts = Counts()

    /// What is said once, with a number.
    struct Counts {
        var otherRequests = 0
        var withoutBody = 0
        var withoutTime = 0
        var withoutMessages = 0
        var badMessages = 0
        var redirects = 0
        var unknownSessions = 0
        var otherHosts: Set<String> = []
    }

    init(file: String) {
        self.file = file
    }

    /// Whether a file looks like a HAR file rather than a recording: one object, with `log`.
    package static func looksLikeHAR(_ bytes: ByteBuffer) -> Bool {
        let start = bytes.readableBytesView.prefix(4096).filter { $0 > 0x20 }
        return start.starts(with: Array("{\"log\":".utf8))
            || start.starts(with: [0xEF, 0xBB, 0xBF] + Array("{\"log\":".utf8))
    }

    /// Reads a HAR file.
    ///
    /// - Returns: The recording, secrets and all, and what is doubtful about it.
    package static func read(
        _ bytes: ByteBuffer,
        file: String
    ) throws(Diagnostic) -> (recording: Recording, warnings: [Diagnostic]) {
        var reader = HARReader(file: file)
        let recording = try reader.read(Array(bytes.readableBytesView))
        return (recording, reader.warnings)
    }

    mutating func read(_ bytes: [UInt8]) throws(Diagnostic) -> Recording {
        let all = try harEntries(bytes)
        guard let target = Self.target(of: all) else {
            throw diagnostic(
                .missing,
                "the HAR file has no WebSocket and no Engine.IO in it",
                help: "open the developer tools before the page, and save the log after the conversation"
            )
        }
        let sorted = all.map { ($0, $0.start) }.enumerated()
            .sorted { ($0.element.1 ?? 0, $0.offset) < ($1.element.1 ?? 0, $1.offset) }.map(\.element)
        for (entry, at) in sorted {
            guard let at else {
                counts.withoutTime += 1
                continue
            }
            if entry.isRedirect, entry.isWebSocket || entry.isPolling {
                counts.redirects += 1
            } else if entry.origin != target {
                if entry.isWebSocket, let origin = entry.origin { counts.otherHosts.insert(origin) }
                counts.otherRequests += entry.isWebSocket ? 0 : 1
            } else if entry.isWebSocket {
                takeWebSocket(entry, at)
            } else if entry.isPolling {
                takePolling(entry, at)
            } else if entry.isProgrammed {
                takeRequest(entry, at)
            } else {
                counts.otherRequests += 1
            }
        }
        warnOfCounts()
        guard entries.contains(where: { $0.entry.content.isMessage }) else { throw withoutMessages(all, target) }
        return recording(target, all)
    }

    func recording(_ target: String, _ all: [HAREntry]) -> Recording {
        let sorted = entries.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
            .map(\.element)
        let start = sorted.first?.at ?? 0
        let isSocketIO = all.contains { $0.origin == target && $0.query("EIO") != nil }
        return Recording(
            header: RecordingHeader(
                target: target,
                targetProtocol: isSocketIO ? .socketIO : .webSocket,
                recordedAt: ISODate.text(epochMilliseconds: Int64(start))
            ),
            entries: sorted.map { item in
                var entry = item.entry
                entry.time = .microseconds(Int64(min(max(item.at - start, 0), 1e11) * 1000))
                return entry
            }
        )
    }

    /// The host that most of what was said is about.
    static func target(of all: [HAREntry]) -> String? {
        var weights: [String: Int] = [:]
        for entry in all where entry.isWebSocket || entry.isPolling {
            guard let origin = entry.origin, entry.start != nil else { continue }
            // An address that only sends the browser elsewhere is none that anything is said to.
            let isAnswered = !entry.isRedirect && (entry.status != nil || entry.hasMessages)
            weights[origin, default: 0] += isAnswered ? 2 + (entry.messages?.count ?? 0) * 2 : 0
        }
        return weights.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    }
}

extension RecordingEntry.Content {
    var isMessage: Bool {
        switch self {
        case .in, .out: true
        default: false
        }
    }
}
