/// All that is shared while one file is read: what is wrong with it, and the names that it declares.
final class ReadingSession {
    let source: SourceText
    private let environment: [String: String]
    private(set) var diagnostics: [Diagnostic] = []
    private var reported: Set<Diagnostic> = []
    /// Names of received events, in the order of their first mention.
    private(set) var events: [String] = []
    private var eventIDs: [String: EventID] = [:]
    /// Where each event's name was mentioned first.
    private var received: [Mention] = []
    private var sent: [Mention] = []
    private(set) var usedEnvironment: [EnvironmentVariable] = []
    private(set) var names = DeclaredNames()
    private var acknowledged: Set<String> = []
    /// Places in `names.counters`.
    private(set) var counterIDs: [String: Int] = [:]
    private var claims: [String: (kind: NameKind, place: SourcePlace)] = [:]
    /// In the order of the file.
    var feeds: [Feed] = []
    var rooms: Rooms?
    /// Feeds whose file has faults, so that what reads them is not at fault too.
    var brokenFeeds: Set<String> = []
    /// The files that the scenario names, below its own folder.
    let folder: ScenarioFolder
    /// What was read of the files for messages and certificates.
    var files: [String: [UInt8]] = [:]

    init(source: SourceText, environment: [String: String]) {
        self.source = source
        self.environment = environment
        folder = ScenarioFolder(ofFile: source.file)
    }

    /// An event's name and its first place.
    private struct Mention {
        var name: String
        var place: SourcePlace
    }

    /// What a metric's name was made by.
    enum NameKind: String {
        case measure, stream, plan, counter
    }

    private(set) var hasErrors = false
    /// What the last diagnostic showed of the file.
    private var lastLine: (number: Int, text: String)?

    private var counts: [Diagnostic.Severity: Int] = [:]

    /// No further error is kept.
    var isFull: Bool { isFull(of: .error) }

    private func isFull(of severity: Diagnostic.Severity) -> Bool {
        counts[severity, default: 0] >= Self.maximumDiagnostics
    }

    /// What happened to the connection, by names that no server's event has.
    static let connectionEvents = ["closed", "refused"]

    /// The event that a plain WebSocket's message is where nothing names it.
    static let unnamedEvent = "message"

    /// So many errors, and so many warnings, are more than a person reads.
    static let maximumDiagnostics = 200

    static func notBuilt(_ thing: String) -> String {
        "\(thing) is part of the language, but this version does not build it yet"
    }
}

extension ReadingSession {
    func report(
        _ code: Diagnostic.Code,
        _ message: String,
        at place: SourcePlace,
        help: String? = nil,
        severity: Diagnostic.Severity = .error
    ) {
        hasErrors = hasErrors || severity == .error
        guard !isFull(of: severity) else { return }
        report(
            Diagnostic(
                severity: severity,
                code: code,
                message: message,
                place: place,
                suggestion: help,
                sourceLine: line(place.line)
            )
        )
    }

    /// A line of the file; the diagnostics of one line share its text.
    private func line(_ number: Int) -> String {
        if let lastLine, lastLine.number == number { return lastLine.text }
        let text = source.line(number)
        lastLine = (number, text)
        return text
    }

    func report(_ code: Diagnostic.Code, _ message: String, at node: SourceNode, help: String? = nil) {
        report(code, message, at: source.place(of: node), help: help)
    }

    /// Reports what is wrong inside a scalar, at the right column.
    func report(_ problem: TextProblem, in scalar: SourceScalar, from offset: Int = 0) {
        guard !isFull else {
            hasErrors = true
            return
        }
        let place = source.place(in: scalar, offset: offset + problem.offset)
        report(problem.code, problem.message, at: place, help: problem.suggestion)
    }

    /// Reports what has its place already, which may be in another file.
    func report(_ diagnostic: Diagnostic) {
        hasErrors = hasErrors || diagnostic.severity == .error
        guard !isFull(of: diagnostic.severity) else { return }
        // What stands at the top of the file is read once for each group.
        guard reported.insert(diagnostic).inserted else { return }
        diagnostics.append(diagnostic)
        counts[diagnostic.severity, default: 0] += 1
    }

    /// The known name that was meant by an unknown one; nil where none is near, and where nothing more is said anyhow.
    ///
    /// To look for it takes time, and a broken file can have as many faults as bytes.
    func nearest(to word: String, in candidates: @autoclosure () -> [String]) -> String? {
        isFull ? nil : Spelling.nearest(to: word, in: candidates())
    }

    /// - Parameter value: What stands there; the names of metrics in it are known then, so that checks of them say
    ///   nothing more.
    func reportNotBuilt(_ thing: String, at place: SourcePlace, _ value: SourceNode? = nil) {
        report(.notBuiltYet, Self.notBuilt(thing), at: place)
        if let value { noteMetrics(in: value) }
    }

    private func noteMetrics(in node: SourceNode) {
        switch node.content {
        case .scalar:
            break
        case .list(let elements):
            elements.forEach(noteMetrics)
        case .map(let entries):
            for entry in entries {
                switch (entry.key.text, entry.value.scalar?.text) {
                case ("measure", let name?): names.measures.append(name)
                case ("stream", let name?): names.streams.append(name)
                case ("plan", let name?): names.plans.append(name)
                case ("count", let name?): names.counters.append(name)
                default: noteMetrics(in: entry.value)
                }
            }
        }
    }
}

extension ReadingSession {
    /// The value of an environment variable, which is listed by that; nil where it is not set.
    func environmentValue(_ name: String) -> String? {
        let value = environment[name]
        if !usedEnvironment.contains(where: { $0.name == name }) {
            usedEnvironment.append(EnvironmentVariable(name: name, value: value))
        }
        return value
    }

    /// The number of a received event's name.
    func event(_ name: String, at place: SourcePlace) -> EventID {
        if let id = eventIDs[name] { return id }
        if !Self.connectionEvents.contains(name) { received.append(Mention(name: name, place: place)) }
        eventIDs[name] = events.count
        events.append(name)
        return events.count - 1
    }

    /// Notes an event's name that is sent.
    func noteSent(_ name: String, at place: SourcePlace) {
        guard sent.count <= 300, !sent.contains(where: { $0.name == name }) else { return }
        sent.append(Mention(name: name, place: place))
    }

    /// Notes that a name is used for a metric, and reports it where it means something else already.
    func claim(_ name: String, as kind: NameKind, at place: SourcePlace) {
        guard Self.isName(name) else {
            report(
                .badValue,
                "'\(name)' cannot be the name of a metric",
                at: place,
                help: "a name starts with a small letter and goes on with small letters, digits and '_'"
            )
            return
        }
        guard !Self.fixedMetrics.contains(name) else {
            return report(.nameClash, "'\(name)' is a metric of its own; choose another name", at: place)
        }
        if let claim = claims[name], claim.kind != kind {
            let message = "'\(name)' is the name of a \(claim.kind.rawValue) already, in line \(claim.place.line)"
            return report(.nameClash, message, at: place)
        }
        guard claims[name] == nil else { return }
        claims[name] = (kind, place)
        switch kind {
        case .measure: names.measures.append(name)
        case .stream: names.streams.append(name)
        case .plan: names.plans.append(name)
        case .counter:
            counterIDs[name] = names.counters.count
            names.counters.append(name)
        }
    }

    func noteAcknowledgement(of event: String) {
        if acknowledged.insert(event).inserted { names.acknowledgedEvents.append(event) }
    }

    func noteHTTP() {
        names.usesHTTP = true
    }

    /// The names for checks, once everything is read.
    func declaredNames(groups: [String], phases: [String]) -> DeclaredNames {
        var names = names
        names.groups = groups
        names.phases = phases
        names.receivedEvents = events
        return names
    }

    /// Warns of events whose names are likely to be one, misspelled.
    ///
    /// What is sent is not compared with what is received: requests and their answers often have like names.
    func warnOfSimilarEvents() {
        warnOfSimilar(received)
        warnOfSimilar(sent)
    }

    private func warnOfSimilar(_ mentions: [Mention]) {
        // Pairs are compared; a file with so many events was written by a program.
        guard mentions.count <= 300 else { return }
        for (index, later) in mentions.enumerated() {
            guard
                let earlier = mentions[..<index].first(where: {
                    Spelling.isSlip($0.name, later.name) && !Self.isOneEventOfTwoNamespaces($0.name, later.name)
                })
            else {
                continue
            }
            report(
                .similarNames,
                "the event '\(later.name)' differs little from '\(earlier.name)' in line \(earlier.place.line)",
                at: later.place,
                help: "if both are meant, leave it; else write '\(earlier.name)'",
                severity: .warning
            )
        }
    }

    /// `/a,news` and `/b,news`, which are likely to be meant so.
    private static func isOneEventOfTwoNamespaces(_ one: String, _ other: String) -> Bool {
        guard one.hasPrefix("/"), other.hasPrefix("/"), let first = one.firstIndex(of: ","),
            let second = other.firstIndex(of: ",")
        else { return false }
        return one[first...] == other[second...]
    }

    /// `[a-z][a-z0-9_]*`
    static func isName(_ name: String) -> Bool {
        guard let first = name.unicodeScalars.first, ("a"..."z").contains(first), name.utf8.count <= 64 else {
            return false
        }
        return name.unicodeScalars.allSatisfy {
            ("a"..."z").contains($0) || ("0"..."9").contains($0) || $0 == "_"
        }
    }

    /// The first words of the metrics that are there without a scenario's doing.
    static let fixedMetrics: Set<String> = [
        "all", "ack", "bytes", "clients", "connect", "errors", "fanout", "generator", "handshake", "heartbeat", "http",
        "inbox",
        "messages", "operations", "other", "plan", "received", "reconnect", "send", "stall", "stream",
    ]
}
