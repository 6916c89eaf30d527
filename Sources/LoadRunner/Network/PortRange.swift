import Foundation

/// How many connections from one address to one address and port the system allows.
enum PortRange {
    /// From `/proc/sys/net/ipv4/ip_local_port_range`; elsewhere the number that Linux has by itself.
    static var count: Int {
        let text = try? String(contentsOfFile: "/proc/sys/net/ipv4/ip_local_port_range", encoding: .utf8)
        return text.flatMap(count(in:)) ?? 28_232
    }

    /// Two ports, the first and the last.
    static func count(in text: String) -> Int? {
        let ends = text.split { $0.isWhitespace }.compactMap { Int($0) }
        guard ends.count == 2, (0...65_535).contains(ends[0]), (ends[0]...65_535).contains(ends[1]) else { return nil }
        return ends[1] - ends[0] + 1
    }
}
