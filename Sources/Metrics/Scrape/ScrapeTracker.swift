import Foundation

/// Follows the series of one server from reading to reading.
package struct ScrapeTracker: Sendable {
    /// So many series of a server are kept.
    package static let seriesLimit = 500
    /// A series whose text is longer is left out.
    static let nameLimit = 512
    /// Of how many names it is said how many of their series were left out.
    private static let namedLimit = 10

    /// Lines that were not understood, in the reading with the most of them.
    package private(set) var malformed = 0
    /// The series that were left out, in the reading with the most of them.
    package private(set) var leftOut = LeftOut()

    package struct LeftOut: Hashable, Sendable {
        package struct Name: Hashable, Sendable {
            package let name: String
            package fileprivate(set) var count: Int
        }

        package fileprivate(set) var count = 0
        /// The first ten, in the order in which they came.
        package fileprivate(set) var names: [Name] = []

        package init() {}
    }

    /// How many series are kept.
    package var seriesCount: Int { known.count }

    private struct Known {
        var value: Double
        var isGauge: Bool
        /// A gauge that a reading did not have.
        var isGone = false
        /// When it was read.
        var time: Double
        /// The reading in which it was seen last, so that a line that comes twice counts once.
        var reading: Int
    }

    private let patterns: [ScrapePattern]
    private let instance: String?
    private let limit: Int
    private var known: [String: Known] = [:]
    private var reading = 0
    private var upKnown: Bool?
    /// When the server answered last.
    private var lastRead: Double?

    /// - Parameters:
    ///   - patterns: Which series are kept; none: all but buckets.
    ///   - instance: The value of the label `instance`, where several servers are read; nil: there is no such label.
    package init(patterns: [ScrapePattern] = [], instance: String? = nil, limit: Int = Self.seriesLimit) {
        self.patterns = patterns
        self.instance = instance
        self.limit = limit
    }

    /// The reading at a second failed.
    ///
    /// - Returns: `up` is 0, where that is news.
    package mutating func failed() -> [ScrapedRow] {
        up(false)
    }

    /// Takes in what the server answered.
    ///
    /// - Parameters:
    ///   - body: The text, which nothing is assumed of.
    ///   - time: When it was asked for, in seconds of the run.
    /// - Returns: A row per series that the reading has something to say of; nil where the text is no metrics at all.
    package mutating func read(_ body: [UInt8], at time: Double) -> [ScrapedRow]? {
        reading += 1
        let wantsBuckets = patterns.contains(where: \.wantsBuckets)
        let patterns = patterns
        var reader = ExpositionReader(body) { name, role in
            if role == .constant || role == .bucket && !wantsBuckets { return false }
            return patterns.isEmpty || patterns.contains { $0.mayMatch(name: name) }
        }
        var rows: [ScrapedRow] = []
        var left = LeftOut()
        var sums: [String: CounterChange] = [:]
        var counts: [(series: String, mean: String, change: CounterChange)] = []
        var samples = 0
        while let sample = reader.next() {
            samples += 1
            let series = series(sample.name, sample.labels)
            guard patterns.isEmpty || patterns.contains(where: { $0.matches(name: sample.name, series: series) }),
                sample.value.isFinite, series != upSeries
            else { continue }
            let before = known[series]
            if before == nil, known.count >= limit || series.utf8.count > Self.nameLimit {
                left.add(sample.name, namedLimit: Self.namedLimit)
                continue
            }
            guard before?.reading != reading else { continue }
            known[series] = Known(
                value: sample.value,
                isGauge: sample.role == .gauge,
                time: time,
                reading: reading
            )
            // One that was not there the last time has counted from 0 since then.
            let start = before.map { ($0.value, $0.time) } ?? lastRead.map { (0, $0) }
            let change = CounterChange(from: start, to: sample.value, at: time)
            switch sample.role {
            case .gauge:
                let isNews = before?.value != sample.value || before?.isGone == true
                rows.append(ScrapedRow(series: series, kind: .gauge, value: sample.value, isNews: isNews))
            case .counter, .count, .sum, .bucket:
                if let row = change.row(series) { rows.append(row) }
            case .constant:
                break
            }
            if sample.role == .sum {
                sums[self.series(String(sample.name.dropLast("_sum".count)), sample.labels)] = change
            } else if sample.role == .count {
                let base = String(sample.name.dropLast("_count".count))
                counts.append(
                    (self.series(base, sample.labels), self.series("\(base):mean", sample.labels), change)
                )
            }
        }
        for (series, mean, change) in counts {
            if let row = sums[series]?.mean(of: change, mean) { rows.append(row) }
        }
        malformed = max(malformed, reader.malformed)
        if left.count > leftOut.count { leftOut = left }
        // A page that says nothing that anybody could understand is an error page.
        if samples == 0, reader.malformed > 0 { return nil }
        lastRead = time
        return up(true) + rows + gone()
    }

    /// The gauges that the reading before had and this one has not.
    private mutating func gone() -> [ScrapedRow] {
        let gone = known.filter { $0.value.isGauge && !$0.value.isGone && $0.value.reading != reading }.keys.sorted()
        return gone.map { series in
            known[series]?.isGone = true
            return ScrapedRow(series: series, kind: .gauge, value: nil, isNews: true)
        }
    }

    private mutating func up(_ isUp: Bool) -> [ScrapedRow] {
        defer { upKnown = isUp }
        return [ScrapedRow(series: upSeries, kind: .gauge, value: isUp ? 1 : 0, isNews: upKnown != isUp)]
    }

    private var upSeries: String { series("up", []) }

    /// `NAME{label="value"}`, the labels by name, as both formats escape them.
    private func series(_ name: String, _ labels: [ExpositionReader.Label]) -> String {
        var labels = labels
        if let instance {
            labels.removeAll { $0.name == "instance" }
            labels.append(ExpositionReader.Label(name: "instance", value: instance))
        }
        let shown = Self.isPlain(name) ? name : Self.quoted(name)
        guard !labels.isEmpty else { return shown }
        let pairs = labels.sorted().map {
            (Self.isPlain($0.name) ? $0.name : Self.quoted($0.name)) + "=" + Self.quoted($0.value)
        }
        return "\(shown){\(pairs.joined(separator: ","))}"
    }

    private static func isPlain(_ name: String) -> Bool {
        name.utf8.allSatisfy {
            $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ":") || (0x30...0x39).contains($0)
                || (0x41...0x5A).contains($0)
                || (0x61...0x7A).contains($0)
        }
    }

    /// In quotes; control characters and marks of direction as escapes, for it stands on terminals and pages.
    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for character in text.unicodeScalars {
            switch character {
            case "\\": quoted += "\\\\"
            case "\"": quoted += "\\\""
            default: quoted.unicodeScalars.append(character)
            }
        }
        return EscapedText.make(quoted + "\"", limit: nameLimit)
    }
}

extension ScrapeTracker.LeftOut {
    fileprivate mutating func add(_ name: String, namedLimit: Int) {
        count += 1
        if let place = names.lastIndex(where: { $0.name == name }) {
            names[place].count += 1
        } else if names.count < namedLimit {
            names.append(Name(name: EscapedText.make(name, limit: 200), count: 1))
        }
    }
}
