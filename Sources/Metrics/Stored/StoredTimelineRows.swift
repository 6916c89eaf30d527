import Foundation

/// Reads timeline.csv a row at a time.
///
/// A long run has hundreds of thousands of rows, which name the same few series over and over, second by second in the same
/// order. So the names of a row are compared as bytes with those of the row that followed the last time, and are made into texts
/// the first time only.
struct StoredTimelineRows {
    struct Row {
        /// The place of its series, in the order in which they came first.
        let series: Int
        let point: StoredTimeline.Point
        /// Where it is the first row of a second.
        let second: StoredTimeline.Second?
    }

    /// What the last row is a row of.
    private(set) var key = StoredTimeline.Key(group: "", metric: "")

    private let bytes: UnsafeRawBufferPointer
    private var scanner = CSVScanner(columns: 11)
    /// The second of the last row, and the cells that say so.
    private var second = -1
    private var secondBytes = 0..<0
    /// When second 0 began, in milliseconds since 1970, as most of the first rows say: second and time have to fit.
    private var start: Int?
    /// By place, the cells of group and metric.
    private var names: [Range<Int>] = []
    private var places: [String: Int] = [:]
    /// By place, the series that came after it the last time.
    private var following: [Int] = []
    private var last = 0

    /// A run of thirty years.
    private static let secondLimit = 1_000_000_000

    /// - Parameter bytes: Of the whole file; they have to stay where they are.
    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        start = Self.start(bytes)
        _ = scanner.next(bytes)
    }

    var damagedRows: Int { scanner.damagedRows }

    /// The next row that is not damaged; nil at the end.
    mutating func next() -> Row? {
        while scanner.next(bytes) {
            if let row = row() { return row }
            scanner.reject(bytes)
        }
        return nil
    }

    private mutating func row() -> Row? {
        let cells = scanner.cells
        var news: StoredTimeline.Second?
        let begin = cells[0].lowerBound..<cells[2].upperBound
        if !isSame(begin, secondBytes) {
            guard let number = CSVNumber.whole(bytes, cells[0]), let epoch = CSVNumber.whole(bytes, cells[1]),
                number >= max(second, 0), number <= Self.secondLimit, start == nil || epoch - number * 1000 == start
            else { return nil }
            if number != second {
                let phase = CSVScanner.text(bytes[cells[2]])
                news = StoredTimeline.Second(second: number, epochMilliseconds: Int64(epoch), phase: phase)
            }
        }
        guard let point = point(cells, second: news?.second ?? second), let series = series(cells) else { return nil }
        second = point.second
        secondBytes = begin
        return Row(series: series, point: point, second: news)
    }

    private func point(_ cells: [Range<Int>], second: Int) -> StoredTimeline.Point? {
        var values: (Double?, Double?, Double?, Double?, Double?) = (nil, nil, nil, nil, nil)
        func value(_ place: Int, _ value: inout Double?) -> Bool {
            switch CSVNumber.cell(bytes, cells[place]) {
            case .blank: return true
            case .number(let number, _):
                value = number
                return true
            case .other: return false
            }
        }
        guard value(6, &values.0), value(7, &values.1), value(8, &values.2), value(9, &values.3), value(10, &values.4)
        else { return nil }
        var count: Int?
        switch CSVNumber.cell(bytes, cells[5]) {
        case .blank: break
        // A server's own counter may grow by parts.
        case .number(_, let whole): count = whole
        case .other: return nil
        }
        return StoredTimeline.Point(
            second: second,
            count: count,
            rate: values.0,
            p50: values.1,
            p95: values.2,
            p99: values.3,
            max: values.4
        )
    }

    /// The place of the series that a row is of; nil where its names are no text.
    private mutating func series(_ cells: [Range<Int>]) -> Int? {
        let name = cells[3].lowerBound..<cells[4].upperBound
        if last < following.count, isSame(names[following[last]], name) {
            last = following[last]
            return last
        }
        guard let text = String(validating: bytes[name], as: UTF8.self), !cells[3].isEmpty, !cells[4].isEmpty else {
            return nil
        }
        let place = places[text] ?? names.count
        if place == names.count {
            key = StoredTimeline.Key(group: CSVScanner.text(bytes[cells[3]]), metric: CSVScanner.text(bytes[cells[4]]))
            places[text] = place
            names.append(name)
            following.append(0)
        }
        following[last] = place
        last = place
        return place
    }

    private func isSame(_ one: Range<Int>, _ other: Range<Int>) -> Bool {
        guard one.count == other.count, let base = bytes.baseAddress else { return false }
        return memcmp(base + one.lowerBound, base + other.lowerBound, one.count) == 0
    }

    /// When second 0 began, as most of the first rows say.
    private static func start(_ bytes: UnsafeRawBufferPointer) -> Int? {
        var scanner = CSVScanner(columns: 11)
        _ = scanner.next(bytes)
        var starts: [Int] = []
        while starts.count < 5, scanner.next(bytes) {
            guard let second = CSVNumber.whole(bytes, scanner.cells[0]), second >= 0, second <= secondLimit,
                let epoch = CSVNumber.whole(bytes, scanner.cells[1])
            else { continue }
            starts.append(epoch - second * 1000)
        }
        return starts.first { start in starts.count { $0 == start } > starts.count / 2 } ?? starts.first
    }
}
