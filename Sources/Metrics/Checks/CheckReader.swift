/// Reads the text of one check, from left to right.
struct CheckReader {
    /// What was read.
    struct Parts {
        var text: String
        var group: String?
        var phase: String?
        var time: FaultTime?
        var metric: String
        var kind: MetricKind
        var statistic: Check.Statistic?
        var comparison: Check.Comparison
        var threshold: Double
    }

    private let bytes: [UInt8]
    private let names: CheckNames
    private let metrics: MetricNames
    private var position = 0

    init(text: String, names: CheckNames) {
        bytes = Array(text.utf8)
        self.names = names
        metrics = MetricNames(names)
    }

    mutating func read() throws(CheckSyntaxError) -> Parts {
        skipBlanks()
        let start = position
        let group = try readScope(end: "/", "group", names.groups + ["all"])
        let (phase, time) = try readTime()
        let name = readWord()
        guard !name.isEmpty else {
            throw error(position..<position, "A check begins with the name of a metric, such as `connect.p95 < 1s`.")
        }
        var reading = try resolve(name)
        if group != nil || phase != nil, !reading.isDivisible {
            throw error(start..<name.lowerBound, "`\(reading.metric)` is measured for the whole run only.")
        }
        if group != nil, reading.metric == "generator.lag" {
            throw error(start..<name.lowerBound, "`generator.lag` belongs to the workers, which serve all groups.")
        }
        if let time { try checkSplit(time, reading, at: name) }
        let comparison = try readComparison()
        let value = try readValue()
        skipBlanks()
        if position < bytes.count {
            throw error(
                position..<bytes.count,
                "A check ends with its value and unit; what `and` or `or` would join are two checks."
            )
        }
        let threshold = try CheckValue(text(value), range: value).threshold(for: &reading, named: name)
        var end = bytes.count
        while end > start, Self.isBlank(bytes[end - 1]) { end -= 1 }
        return Parts(
            text: text(start..<end),
            group: group == "all" ? nil : group,
            phase: phase,
            time: time,
            metric: reading.metric,
            kind: reading.kind,
            statistic: reading.statistic,
            comparison: comparison,
            threshold: threshold
        )
    }

    // MARK: - Parts

    /// A group or phase before its separator, or nil where there is none.
    private mutating func readScope(
        end separator: Character,
        _ what: String,
        _ known: [String]
    ) throws(CheckSyntaxError) -> String? {
        guard let separator = separator.asciiValue, let end = find(separator) else { return nil }
        // `ack./admin,save`: the slash of a namespace, inside a metric's name.
        if end > position, bytes[end - 1] == UInt8(ascii: ".") { return nil }
        let range = trim(position..<end)
        let name = text(range)
        guard !name.isEmpty else { throw error(range.lowerBound..<(end + 1), "The name of a \(what) is missing here.") }
        guard known.contains(name) else {
            let suggestion = EditDistance.nearest(to: name, in: known)
            throw error(range, "There is no \(what) `\(name)` in this scenario.", suggestion)
        }
        position = end + 1
        skipBlanks()
        return name
    }

    /// A phase, or a kind of time.
    private mutating func readTime() throws(CheckSyntaxError) -> (phase: String?, time: FaultTime?) {
        let start = position
        let times = FaultTime.allCases.map(\.rawValue)
        guard let name = try readScope(end: ":", "phase", names.phases + times) else { return (nil, nil) }
        guard let time = FaultTime(rawValue: name) else { return (name, nil) }
        guard !names.phases.contains(name) else {
            let meaning = time == .calm ? "the time in which no fault is on" : "the time in which a fault is on"
            throw error(
                start..<(start + name.utf8.count),
                "`\(name):` is \(meaning), and a phase of this scenario has the same name; rename the phase."
            )
        }
        return (nil, time)
    }

    /// Only times of clients that no fault has hit are told apart by the kind of time.
    private func checkSplit(
        _ time: FaultTime,
        _ reading: CheckReading,
        at range: Range<Int>
    ) throws(CheckSyntaxError) {
        guard reading.kind == .time else {
            throw error(range, "`\(time.rawValue):` stands before times only, and `\(reading.metric)` is none.")
        }
        guard !["reconnect.", "stall."].contains(where: reading.metric.hasPrefix) else {
            throw error(
                range,
                "`\(time.rawValue):` is about clients that no fault has hit; `\(reading.metric)` is about the others.",
                text(range)
            )
        }
    }

    /// A separator before the comparison.
    private func find(_ separator: UInt8) -> Int? {
        var index = position
        while index < bytes.count, !Self.isComparison(bytes[index]) {
            if bytes[index] == separator { return index }
            index += 1
        }
        return nil
    }

    private mutating func readWord() -> Range<Int> {
        let start = position
        while position < bytes.count, !Self.isBlank(bytes[position]), !Self.isComparison(bytes[position]) {
            position += 1
        }
        return start..<position
    }

    private mutating func readComparison() throws(CheckSyntaxError) -> Check.Comparison {
        skipBlanks()
        let start = position
        while position < bytes.count, Self.isComparison(bytes[position]) { position += 1 }
        let symbol = text(start..<position)
        if let comparison = Check.Comparison(rawValue: symbol) { return comparison }
        let message = "A comparison is one of < <= > >= == !=."
        switch symbol {
        case "": throw error(start..<start, message)
        case "=": throw error(start..<position, message, "==")
        case "=<": throw error(start..<position, message, "<=")
        case "=>": throw error(start..<position, message, ">=")
        case "<>": throw error(start..<position, message, "!=")
        default: throw error(start..<position, message)
        }
    }

    /// The value with its unit, which may stand apart.
    private mutating func readValue() throws(CheckSyntaxError) -> Range<Int> {
        skipBlanks()
        let start = position
        _ = readWord()
        guard position > start else { throw error(start..<start, "The value to compare with is missing.") }
        if text(start..<position).utf8.allSatisfy({ $0 == 0x2E || (0x30...0x39).contains($0) }) {
            let end = position
            skipBlanks()
            let unit = readWord()
            if CheckValue.isUnit(text(unit)) { return start..<unit.upperBound }
            position = end
        }
        return start..<position
    }

    // MARK: - Names

    /// Which metric and statistic a name means.
    ///
    /// A name that is declared as a whole is that metric; else it is a statistic of the longest one that it begins
    /// with, since metrics' own names contain dots; else an event or error that nobody declared.
    private func resolve(_ range: Range<Int>) throws(CheckSyntaxError) -> CheckReading {
        let name = text(range)
        if let meaning = metrics.declared(name) { return reading(name, meaning, nil) }
        for dot in name.indices.reversed() where name[dot] == "." {
            let metric = String(name[..<dot])
            guard let meaning = metrics.declared(metric) else { continue }
            let place = (range.lowerBound + metric.utf8.count + 1)..<range.upperBound
            return reading(metric, meaning, try statistic(text(place), of: metric, kind: meaning.kind, at: place))
        }
        if let dot = name.lastIndex(of: "."), let meaning = metrics[String(name[..<dot])],
            let statistic = Check.Statistic(String(name[name.index(after: dot)...])),
            statistic == .count || statistic == .rate
        {
            return reading(String(name[..<dot]), meaning, statistic)
        }
        if let meaning = metrics[name] { return reading(name, meaning, nil) }
        throw unknownMetric(name, range)
    }

    private func reading(
        _ name: String,
        _ meaning: MetricNames.Meaning,
        _ statistic: Check.Statistic?
    ) -> CheckReading {
        let ratio = name == "operations.failed" ? "errors.rate" : "\(name).rate"
        return CheckReading(
            metric: name,
            kind: meaning.kind,
            statistic: statistic,
            isDivisible: meaning.isDivisible,
            ratio: metrics.declared(ratio)?.kind == .ratio ? ratio : nil
        )
    }

    private func statistic(
        _ word: String,
        of metric: String,
        kind: MetricKind,
        at range: Range<Int>
    ) throws(CheckSyntaxError) -> Check.Statistic {
        guard let statistic = Check.Statistic(word) else {
            let similar = metrics.all.filter { $0.hasPrefix("\(metric).") }
            let suggestion =
                EditDistance.nearest(to: "\(metric).\(word)", in: similar)
                ?? EditDistance.nearest(to: word, in: Check.Statistic.examples).map { "\(metric).\($0)" }
            throw error(
                range,
                "`\(metric)` has no `\(word)`; statistics are count, rate, min, mean, p50 to p99.99 and max.",
                suggestion
            )
        }
        switch (kind, statistic) {
        case (.time, _), (.size, _), (.count, .rate), (.count, .count): return statistic
        default: throw error(range, "`\(metric)` is one number and has no `\(word)`.", metric)
        }
    }

    /// An unknown name, and the nearest known one: of the whole, or of what stands before a statistic.
    private func unknownMetric(_ name: String, _ range: Range<Int>) -> CheckSyntaxError {
        let whole = EditDistance.nearest(to: name, in: metrics.all)
        for dot in name.indices.reversed() where name[dot] == "." {
            let metric = String(name[..<dot])
            let suffix = String(name[name.index(after: dot)...])
            guard Check.Statistic(suffix) != nil else { continue }
            let nearest = EditDistance.nearest(to: metric, in: metrics.all)
            if let whole, nearest.map({ distance(whole, name) <= distance($0, metric) }) ?? true { break }
            let place = range.lowerBound..<(range.lowerBound + metric.utf8.count)
            return error(place, "There is no metric `\(metric)`.", nearest.map { "\($0).\(suffix)" })
        }
        return error(range, "There is no metric `\(name)`.", whole)
    }

    private func distance(_ one: String, _ other: String) -> Int {
        EditDistance.between(Array(one.utf8), Array(other.utf8))
    }

    // MARK: - Bytes

    private mutating func skipBlanks() {
        while position < bytes.count, Self.isBlank(bytes[position]) { position += 1 }
    }

    private func trim(_ range: Range<Int>) -> Range<Int> {
        var end = range.upperBound
        while end > range.lowerBound, Self.isBlank(bytes[end - 1]) { end -= 1 }
        return range.lowerBound..<end
    }

    private func text(_ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }

    private func error(_ range: Range<Int>, _ message: String, _ suggestion: String? = nil) -> CheckSyntaxError {
        CheckSyntaxError(range: range, message: message, suggestion: suggestion)
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }

    private static func isComparison(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "=") || byte == UInt8(ascii: "!")
    }
}
