import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Process groups by their number.
enum ProcessGroup {
    /// - Returns: Whether there was somebody to get it.
    @discardableResult
    static func send(_ signal: Int32, to group: pid_t) -> Bool {
        // Negative: the group's.
        kill(-group, signal) == 0
    }

    /// Whether some process of the group runs.
    ///
    /// One that has ended and that nobody has reaped does not: in a container there may be nobody who does.
    static func isRunning(_ group: pid_t) -> Bool {
        guard send(0, to: group) else { return false }
        #if os(Linux)
            let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
            return names.isEmpty || names.contains { pid_t($0) != nil && isRunning($0, in: group) }
        #else
            return true
        #endif
    }

    #if os(Linux)
        /// Source: proc_pid_stat(5): the name in brackets, then state, parent and group.
        private static func isRunning(_ process: String, in group: pid_t) -> Bool {
            guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .isoLatin1),
                let bracket = text.lastIndex(of: ")")
            else { return false }
            let fields = text[bracket...].split(separator: " ").dropFirst().prefix(3)
            guard fields.count == 3, let state = fields.first, let number = fields.last.flatMap({ pid_t($0) }) else {
                return false
            }
            return number == group && state != "Z" && state != "X"
        }
    #endif
}
