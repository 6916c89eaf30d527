package import Foundation

/// Reads latency.hlog an interval at a time: as many as a long run has need not be in memory at once.
package struct HistogramLogReader {
    /// The largest file that is read; an hour of a thousand metrics takes a tenth of it.
    package static let byteLimit = 1 << 30

    /// Lines that could not be read, so far.
    package private(set) var damagedLines = 0
    /// Whether the last line has no end, and was left out; known at the end.
    package private(set) var isTorn = false

    private var rest: Data.SubSequence
    private var decoder = HistogramPayload.Decoder()

    /// - Throws: what the file system says where the file cannot be read; `StoredRunError` where it is too large.
    package init(path: String) throws {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        guard (attributes[.size] as? Int ?? 0) <= Self.byteLimit else {
            throw StoredRunError("\(path) is larger than \(ValueText.bytes(Double(Self.byteLimit)))")
        }
        self.init(data: try Data(contentsOf: URL(filePath: path)))
    }

    package init(data: Data) {
        rest = data[...]
    }

    /// The next interval in the order of the file; nil at its end.
    package mutating func next() -> HistogramLog.Interval? {
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            let line = rest[..<end]
            rest = rest[(end + 1)...]
            switch HistogramLogLine(line, &decoder) {
            case .interval(let interval): return interval
            case .remark: break
            case .damaged: damagedLines += 1
            }
        }
        isTorn = !rest.isEmpty
        return nil
    }
}
