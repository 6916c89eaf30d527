/// Where the dashboard listens: `HOST:PORT`, `:PORT`, `PORT`, or an address or `localhost` alone; this machine alone unless another address is named.
package struct DashboardAddress: Hashable, Sendable {
    package var host: String
    /// 0 takes any free one.
    package var port: Int

    package static let standard = DashboardAddress(host: "127.0.0.1", port: 0)

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Nil for what is no address. IPv6 stands in brackets: `[::1]:9000`.
    package init?(_ text: String) {
        let host: Substring
        let digits: Substring
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            guard rest.isEmpty || rest.first == ":", host.contains(":") else { return nil }
            digits = rest.isEmpty ? "0" : rest.dropFirst()
        } else if let colon = text.firstIndex(of: ":") {
            host = text[..<colon]
            digits = text[text.index(after: colon)...]
        } else if text.allSatisfy({ ("0"..."9").contains($0) }) {
            host = ""
            digits = text[...]
        } else if Self.isBareHost(text) {
            host = text[...]
            digits = "0"
        } else {
            return nil
        }
        let isName = host.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII && (scalar.properties.isAlphabetic || "0123456789.-_:%".unicodeScalars.contains(scalar))
        }
        guard isName, !digits.isEmpty, digits.allSatisfy({ ("0"..."9").contains($0) }), let port = Int(digits),
            port <= 65_535
        else { return nil }
        self.host = host.isEmpty ? Self.standard.host : String(host)
        self.port = port
    }

    /// Whether a word was meant as an address, right or wrong: digits, something with `:DIGITS` behind it, or a host that
    /// needs no port. Others may be names of files.
    package static func isMeant(by word: String) -> Bool {
        let port = word.reversed().prefix { ("0"..."9").contains($0) }.count
        let isPort = port > 0 && (port == word.count || word.dropLast(port).last == ":")
        return isPort && !word.contains("/") || DashboardAddress(word) != nil
    }

    /// Whether it is a host that can be told from a file's name: `localhost`, or an address of IPv4.
    private static func isBareHost(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return text == "localhost"
            || parts.count == 4 && parts.allSatisfy { UInt8($0) != nil && $0.allSatisfy { ("0"..."9").contains($0) } }
    }

    /// The host as a URL has it.
    var shownHost: String { host.contains(":") ? "[\(host)]" : host }
}
