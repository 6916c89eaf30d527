import Foundation
import Metrics
import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Asks the operating system what the generator uses.
struct UsageProbe {
    private let startCPU: Double
    private let start: NIODeadline
    private var descriptors = 0
    private var memory = 0

    init() {
        startCPU = Self.cpuSeconds
        start = .now()
    }

    /// What was used since the probe was made; memory and descriptors are the most that was seen.
    mutating func usage(busiest: Double?) -> GeneratorUsage {
        descriptors = max(descriptors, Self.openDescriptors)
        memory = max(memory, Self.residentMemory)
        return GeneratorUsage(
            cpuSeconds: Self.cpuSeconds - startCPU,
            wallSeconds: Double((NIODeadline.now() - start).nanoseconds) / 1e9,
            cores: ProcessInfo.processInfo.activeProcessorCount,
            busiestThread: busiest,
            memory: memory,
            descriptors: descriptors
        )
    }

    /// The CPU seconds of the calling thread so far.
    static var threadSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// User and system time of the process.
    static var cpuSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    #if os(Linux)
        /// The resident set now: proc(5), statm.
        private static var residentMemory: Int {
            guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return 0 }
            let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
            return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
        }

        private static var openDescriptors: Int {
            guard let directory = opendir("/proc/self/fd") else {
                // None is left for this one: all that there may be are open.
                return errno == EMFILE ? DescriptorLimit.current : 0
            }
            defer { closedir(directory) }
            var count = 0
            while readdir(directory) != nil { count += 1 }
            // Without `.`, `..` and the directory itself.
            return max(0, count - 3)
        }
    #else
        /// The largest resident set so far: getrusage(2), bytes on this system.
        private static var residentMemory: Int {
            var usage = rusage()
            getrusage(RUSAGE_SELF, &usage)
            return Int(usage.ru_maxrss)
        }

        private static var openDescriptors: Int {
            (try? FileManager.default.contentsOfDirectory(atPath: "/dev/fd"))?.count ?? 0
        }
    #endif
}
