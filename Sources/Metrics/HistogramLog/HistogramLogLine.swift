import Foundation

/// What one line of a histogram log says.
///
/// `Tag=GROUP/METRIC,START,LENGTH,MAX,BASE64`; comments begin with `#`, the legend with a quote.
enum HistogramLogLine {
    case interval(HistogramLog.Interval)
    case remark
    case damaged

    /// A payload takes 282,680 characters at the most.
    private static let byteLimit = 1 << 19
    private static let secondsLimit = 1e9

    /// - Parameter line: without its end.
    init(_ line: Data, _ decoder: inout HistogramPayload.Decoder) {
        var line = line
        if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
        guard let first = line.first, first != UInt8(ascii: "#"), first != UInt8(ascii: "\"") else {
            self = .remark
            return
        }
        self = Self.interval(line, &decoder).map(Self.interval) ?? .damaged
    }

    private static func interval(_ line: Data, _ decoder: inout HistogramPayload.Decoder) -> HistogramLog.Interval? {
        guard line.count <= byteLimit else { return nil }
        let fields = line.split(separator: UInt8(ascii: ","), maxSplits: 5, omittingEmptySubsequences: false)
        guard fields.count == 5, let tag = HistogramTag(field: String(decoding: fields[0], as: UTF8.self)),
            let start = seconds(fields[1]), let length = seconds(fields[2]), let max = number(fields[3]),
            let payload = Data(base64Encoded: fields[4]), let places = decoder.places(payload)
        else { return nil }
        return HistogramLog.Interval(
            start: start,
            length: length,
            group: tag.group,
            metric: tag.metric,
            histogram: histogram(places, intervalMax: max)
        )
    }

    /// The maximum stands there in milliseconds for times, and as it is for sizes; only one of both lies on the last
    /// place that is not 0.
    private static func histogram(_ places: PlaceWindow<UInt64>, intervalMax: Double) -> Histogram {
        let last = places.offset + max(places.counts.count - 1, 0)
        let range = HistogramLayout.lowestEquivalent(at: last)...HistogramLayout.highestEquivalent(at: last)
        let candidates = [intervalMax * 1000, intervalMax].filter { $0 <= Double(HistogramLayout.highest) }
        return Histogram(places: places, max: candidates.map { Int($0.rounded()) }.first(where: range.contains))
    }

    private static func seconds(_ field: Data) -> Double? {
        number(field).flatMap { $0 <= secondsLimit ? $0 : nil }
    }

    private static func number(_ field: Data) -> Double? {
        field.count <= 30 ? DecimalNumber.parse(String(decoding: field, as: UTF8.self)) : nil
    }
}
