/// Reads what a server shows Prometheus: the text format 0.0.4 and OpenMetrics 1.0, whichever it is.
///
/// Line by line, and never further than the bytes that are there. What is no such line is counted and left out. Quoted
/// names, as Prometheus 3 has them, are understood; timestamps and exemplars are read over.
struct ExpositionReader {
    /// One value.
    struct Sample: Hashable {
        var name: String
        var labels: [Label]
        var value: Double
        var role: ExpositionRole
    }

    struct Label: Hashable, Comparable {
        var name: String
        var value: String

        static func < (one: Label, other: Label) -> Bool { (one.name, one.value) < (other.name, other.value) }
    }

    /// Longer lines are left out.
    static let lineLimit = 16_384
    /// A line with more labels is left out.
    static let labelLimit = 64

    /// Lines that are neither a value nor a remark.
    private(set) var malformed = 0
    private let bytes: [UInt8]
    private var position = 0
    private var families = ExpositionFamilies()
    private let wants: (String, ExpositionRole) -> Bool
    /// The last name and what was thought of it: the lines of a family follow one another.
    private var known: (name: String, role: ExpositionRole, isWanted: Bool)?

    /// - Parameter wants: Whether values of that name are of use; the labels of others are not looked at.
    init(_ bytes: [UInt8], wants: @escaping (_ name: String, _ role: ExpositionRole) -> Bool = { _, _ in true }) {
        self.bytes = bytes
        self.wants = wants
    }

    /// The next value; nil at the end of the text.
    mutating func next() -> Sample? {
        while position < bytes.count {
            let end = bytes[position...].firstIndex(of: 0x0A) ?? bytes.count
            var line = bytes[position..<end]
            position = end + 1
            if line.last == 0x0D { line.removeLast() }
            line = line.drop { $0 == 0x20 || $0 == 0x09 }
            guard let first = line.first else { continue }
            if line.count > Self.lineLimit {
                malformed += 1
            } else if first == UInt8(ascii: "#") {
                readRemark(line.dropFirst())
            } else {
                switch sample(line) {
                case .sample(let sample): return sample
                case .unwanted: break
                case .malformed: malformed += 1
                }
            }
        }
        return nil
    }

    private enum Outcome {
        case sample(Sample)
        case unwanted
        case malformed
    }

    private mutating func sample(_ bytes: ArraySlice<UInt8>) -> Outcome {
        var line = ExpositionLine(bytes)
        var name = line.name()
        var role = ExpositionRole.gauge
        if let name {
            guard let found = judged(name) else { return .unwanted }
            role = found
        }
        var labels: [Label] = []
        if line.take("{") {
            guard line.labels(&labels, &name) else { return .malformed }
        }
        guard let name, labels.count <= Self.labelLimit, let value = line.value(), line.isOver() else {
            return .malformed
        }
        // A quoted name stands among the labels, and is known only now.
        guard let found = judged(name) else { return .unwanted }
        role = found
        return .sample(Sample(name: name, labels: labels, value: value, role: role))
    }

    /// What a line of that name is; nil where nobody wants it.
    private mutating func judged(_ name: String) -> ExpositionRole? {
        if let known, known.name == name { return known.isWanted ? known.role : nil }
        let role = families.role(of: name)
        let isWanted = wants(name, role)
        known = (name, role, isWanted)
        return isWanted ? role : nil
    }

    /// `# TYPE name type`; all other remarks tell nothing.
    private mutating func readRemark(_ bytes: ArraySlice<UInt8>) {
        var line = ExpositionLine(bytes)
        guard line.word() == "TYPE", let name = line.quoted() ?? line.word(),
            let type = line.word().flatMap({ ExpositionType(rawValue: $0) })
        else { return }
        families.add(name, type)
        known = nil
    }
}
