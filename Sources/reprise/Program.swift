import Foundation

/// This program's own file.
enum Program {
    /// Where it is, by a path that means the same to every process.
    static var path: String {
        #if os(Linux)
            // Found by the search path or not, and whatever the folder is now.
            let link = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            return link ?? CommandLine.arguments[0]
        #else
            return Bundle.main.executablePath ?? CommandLine.arguments[0]
        #endif
    }
}
