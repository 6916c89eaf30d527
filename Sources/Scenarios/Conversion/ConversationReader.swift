import Foundation
import NIOCore
import Wire

/// Takes the framing off a recording: Engine.IO, Socket.IO, or the texts of a plain WebSocket.
///
/// Heartbeats, handshakes and upgrades of the protocol are gone in what it makes. A message that it cannot read is
/// left out with a warning.
struct ConversationReader {
    /// How deep the JSON of a message may be; a scenario has 64 levels for it and what is around it.
    static let maximumDepth = 40

    private let messageProtocol: Target.MessageProtocol
    private let hearsAll: Bool
    private(set) var warnings: [String] = []
    private var unreadable = 0
    private var truncated = 0
    private var elsewhere = 0

    /// - Parameter hearsAll: Also what the server says that a scenario cannot name.
    init(_ recording: Recording, hearsAll: Bool = false) {
        self.hearsAll = hearsAll
        messageProtocol =
            recording.header.targetProtocol
            ?? (recording.entries.contains {
                if case .open(let opening) = $0.content { opening.path.contains("EIO=") } else { false }
            } ? .socketIO : .webSocket)
    }

    /// The conversations of the recording: connections that follow each other belong to one client, those that overlap
    /// to several.
    mutating func conversations(of recording: Recording) -> [Conversation] {
        let (connections, requests) = connections(of: recording)
        var clients: [Conversation] = []
        var ends: [Double] = []
        for conversation in connections {
            let start = conversation.turns.first?.time ?? 0
            let end = conversation.turns.last?.time ?? start
            if let place = ends.firstIndex(where: { $0 <= start }) {
                let before = clients[place].turns.count
                clients[place].turns += conversation.turns.map { $0.referring { $0 + before } }
                clients[place].transports += conversation.transports.filter { !clients[place].transports.contains($0) }
                ends[place] = end
            } else {
                clients.append(conversation)
                ends.append(end)
            }
        }
        add(requests, to: &clients)
        return clients
    }

    /// What was said on each connection, in the order in which they were opened, and the requests beside them.
    mutating func connections(of recording: Recording) -> (connections: [Conversation], requests: [RecordingEntry]) {
        let sorted = recording.entries.enumerated()
            .sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
        let servers = recording.servers
        var order: [Int] = []
        var byConnection: [Int: [RecordingEntry]] = [:]
        var requests: [RecordingEntry] = []
        for entry in sorted {
            if case .http(let exchange) = entry.content {
                if exchange.isPreflight { continue }
                if servers.isEmpty || exchange.server.map({ servers.contains($0) }) ?? true {
                    requests.append(entry)
                } else {
                    elsewhere += 1
                }
            } else if entry.connection > 0 {
                if byConnection[entry.connection] == nil { order.append(entry.connection) }
                byConnection[entry.connection, default: []].append(entry)
            }
        }
        let conversations = order.compactMap { byConnection[$0].flatMap { read($0) } }
        sayWarnings()
        return (conversations, requests)
    }

    /// Requests beside the sockets belong to the client that says the most of the same things.
    private mutating func add(_ requests: [RecordingEntry], to clients: inout [Conversation]) {
        guard !clients.isEmpty else { return }
        let values = clients.map { Set($0.turns.flatMap(\.identifyingTexts)) }
        for entry in requests {
            guard case .http(let exchange) = entry.content else { continue }
            let turn = Turn(time: entry.time.milliseconds, act: .request(exchange))
            let texts = Set(turn.identifyingTexts)
            let scores = values.map { $0.intersection(texts).count }
            let place = scores.indices.max { (scores[$0], $1) < (scores[$1], $0) } ?? 0
            clients[place].turns.append(turn)
        }
        for place in clients.indices where !requests.isEmpty {
            var conversation = clients[place]
            let before = conversation.turns
            let places = before.indices.sorted { (before[$0].time, $0) < (before[$1].time, $1) }
            var moved: [Int: Int] = [:]
            for (new, old) in places.enumerated() { moved[old] = new }
            conversation.turns = places.map { old in
                before[old].referring { moved[$0] ?? $0 }
            }
            clients[place] = conversation
        }
    }

    /// The entries of a connection with its opening first, where the file does not have it so.
    ///
    /// What was said before, or without one, can only have been said on a connection.
    private func opened(_ entries: [RecordingEntry]) -> [RecordingEntry] {
        let isOpening: (RecordingEntry) -> Bool = { entry in
            if case .open(let opening) = entry.content { opening.isOpen } else { false }
        }
        guard let first = entries.firstIndex(where: \.content.isMessage) else { return entries }
        guard let place = entries.firstIndex(where: isOpening), place < first else {
            var entries = entries
            var opening = RecordingEntry(
                time: entries[first].time,
                connection: entries[first].connection,
                content: .open(RecordedOpening(url: "", path: messageProtocol == .socketIO ? "/socket.io/" : "/"))
            )
            if let place = entries.firstIndex(where: isOpening) { opening.content = entries.remove(at: place).content }
            entries.insert(opening, at: first)
            return entries
        }
        return entries
    }

    private mutating func read(_ entries: [RecordingEntry]) -> Conversation? {
        var conversation = Conversation(messageProtocol: messageProtocol)
        var socket = SocketIOTurns(hearsAll: hearsAll)
        var isOpen = false
        var isClosed = false
        for entry in opened(entries) {
            let time = entry.time.milliseconds
            switch entry.content {
            case .open(let opening):
                conversation.transports.append(opening.transport)
                if isOpen { continue }
                if opening.isOpen {
                    isOpen = true
                    conversation.turns.append(Turn(time: time, act: .connect(opening, auth: nil)))
                } else if !(300..<400).contains(opening.status ?? 0) {
                    conversation.turns.append(Turn(time: time, act: .connect(opening, auth: nil)))
                    conversation.turns.append(Turn(time: time, act: .refused(status: opening.status)))
                }
            case .out(let message), .in(let message):
                guard !isClosed else { continue }
                let isOut = if case .out = entry.content { true } else { false }
                if message.body.isTruncated { truncated += 1 }
                if messageProtocol == .socketIO {
                    if !socket.take(message.body, isOut: isOut, time, &conversation) { unreadable += 1 }
                } else {
                    plain(message.body, isOut: isOut, time, &conversation)
                }
                switch conversation.turns.last?.act {
                case .disconnect?, .closed?: isClosed = true
                default: break
                }
            case .close(let closing):
                guard isOpen, !isClosed else { continue }
                isClosed = true
                let byClient =
                    closing.side == .client || closing.side == nil && [1000, 1001, 1005].contains(closing.code)
                conversation.turns.append(Turn(time: time, act: byClient ? .disconnect : .closed(code: closing.code)))
            case .error, .http:
                break
            }
        }
        unreadable += socket.unfinished
        return conversation.turns.isEmpty ? nil : conversation
    }

    private mutating func plain(_ body: RecordedBody, isOut: Bool, _ time: Double, _ into: inout Conversation) {
        var text = body.text
        if body.isBinary {
            if isOut {
                let said = Said(event: nil, arguments: [], binary: [body.bytes])
                into.turns.append(Turn(time: time, act: .sent(said)))
                return
            }
            var encoded = ByteBuffer()
            body.bytes.withUnsafeReadableBytes { Base64.encode($0, to: &encoded) }
            text = String(buffer: encoded)
        }
        let whole =
            (body.isBinary ? nil : try? JSONValue(parsing: text, maximumDepth: Self.maximumDepth)).flatMap {
                $0.isScalar ? nil : $0
            } ?? .string(text)
        let said = Said(event: nil, arguments: [whole], whole: whole, binary: body.isBinary ? [body.bytes] : [])
        into.turns.append(Turn(time: time, act: isOut ? .sent(said) : .received(said)))
    }

    private mutating func sayWarnings() {
        if unreadable > 0 { warnings.append("messages that cannot be read and are left out: \(unreadable)") }
        if truncated > 0 { warnings.append("messages that were recorded only in part: \(truncated)") }
        if elsewhere > 0 { warnings.append("requests to other servers, which are left out: \(elsewhere)") }
    }
}

extension Duration {
    var milliseconds: Double {
        Double(components.seconds) * 1000 + Double(components.attoseconds) / 1e15
    }
}

extension RecordedExchange {
    /// What a browser asks by itself before a request to another origin (Fetch Standard, 4.8).
    fileprivate var isPreflight: Bool {
        method.uppercased() == "OPTIONS" && requestHeaders.first(named: "Origin") != nil
    }
}

extension Recording {
    /// Where its connections go, as `host:port`; empty where it does not say.
    fileprivate var servers: Set<String> {
        var servers = Set([RecordedExchange.server(of: header.target)].compactMap(\.self))
        for entry in entries {
            if case .open(let opening) = entry.content, let server = RecordedExchange.server(of: opening.url) {
                servers.insert(server)
            }
        }
        return servers
    }
}

extension RecordedExchange {
    /// Where it goes, as `host:port`; nil where the URL does not say.
    fileprivate var server: String? { Self.server(of: url) }

    fileprivate static func server(of url: String) -> String? {
        guard let mark = url.firstRange(of: "://") else { return nil }
        let authority = url[mark.upperBound...].prefix { !"/?#".contains($0) }.lowercased()
        let server = authority.split(separator: "@").last.map(String.init) ?? authority
        let hasPort = server.last { $0 == ":" || $0 == "]" } == ":"
        let isSecure = ["https", "wss"].contains(url[..<mark.lowerBound].lowercased())
        return hasPort ? server : "\(server):\(isSecure ? 443 : 80)"
    }
}
