import ArgumentParser
import Foundation
import Scenarios

/// The server to record, as a URL without a path.
struct RecordTarget: ExpressibleByArgument {
    let url: ServerURL

    init?(argument: String) {
        guard let parts = URLComponents(string: argument), let scheme = parts.scheme?.lowercased(),
            ["http", "https", "ws", "wss"].contains(scheme), var host = parts.host, !host.isEmpty,
            parts.path.isEmpty || parts.path == "/", parts.query == nil, parts.fragment == nil, parts.user == nil
        else { return nil }
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        let isSecure = scheme == "https" || scheme == "wss"
        let port = parts.port ?? (isSecure ? 443 : 80)
        guard (1...65_535).contains(port) else { return nil }
        url = ServerURL(isSecure: isSecure, host: host, port: port)
    }
}

/// Where to listen: `127.0.0.1:8099`, `[::1]:8099`, or the port alone.
struct ListenAddress: ExpressibleByArgument, CustomStringConvertible {
    var host: String
    var port: Int

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    init?(argument: String) {
        let colon = argument.lastIndex(of: ":")
        let digits = colon.map { argument[argument.index(after: $0)...] } ?? argument[...]
        guard let port = Int(digits), (0...65_535).contains(port) else { return nil }
        var host = colon.map { String(argument[..<$0]) } ?? "127.0.0.1"
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard !host.isEmpty else { return nil }
        self.init(host: host, port: port)
    }

    var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
    var defaultValueDescription: String { description }

    /// Whether only this machine reaches it.
    var isLoopback: Bool { host.hasPrefix("127.") || host == "::1" || host.lowercased() == "localhost" }
}

/// A size on the command line: `500MB`, `2GB`, or bytes.
struct SizeArgument: ExpressibleByArgument {
    let bytes: Int

    init(bytes: Int) {
        self.bytes = bytes
    }

    init?(argument: String) {
        let units: [(String, Int)] = [("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1000), ("B", 1), ("", 1)]
        let text = argument.uppercased()
        guard let (suffix, factor) = units.first(where: { text.hasSuffix($0.0) }),
            let number = Double(text.dropLast(suffix.count)), number.isFinite, number > 0,
            number * Double(factor) < 1e15
        else { return nil }
        bytes = Int(number * Double(factor))
    }

    var defaultValueDescription: String {
        bytes % 1_000_000_000 == 0 ? "\(bytes / 1_000_000_000)GB" : "\(bytes / 1_000_000)MB"
    }
}
