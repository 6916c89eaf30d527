/// Takes the target's URL apart.
struct TargetURL {
    var location: Target.Location
    /// Nil where the URL has none beyond `/`.
    var path: String?

    /// - Throws: What is wrong with it; the sentence does not contain the URL, which may come from the environment.
    static func parse(_ text: String) throws(TextProblem) -> TargetURL {
        if text.hasPrefix("practice:") { return TargetURL(location: try practice(text.dropFirst(9)), path: nil) }
        guard let mark = text.firstRange(of: "://") else {
            let help = "write http://host:port, ws://host:port or practice:NAME"
            throw TextProblem(.badValue, "the URL has no scheme", at: 0, suggestion: help)
        }
        let isSecure: Bool
        switch text[..<mark.lowerBound].lowercased() {
        case "http", "ws":
            isSecure = false
        case "https", "wss":
            isSecure = true
        default:
            let help = "the schemes are http, https, ws, wss and practice"
            throw TextProblem(.badValue, "the URL's scheme is unknown", at: 0, suggestion: help)
        }
        let rest = text[mark.upperBound...]
        guard !rest.contains(where: { $0 == "?" || $0 == "#" }) else {
            throw TextProblem(.badValue, "the URL has a query", at: 0, suggestion: "put it into 'query:'")
        }
        let authority = rest.prefix { $0 != "/" }
        guard !authority.contains("@") else {
            let help = "send credentials in 'headers:', 'query:' or 'auth:'"
            throw TextProblem(.badValue, "the URL has a user name or a password", at: 0, suggestion: help)
        }
        let (host, port) = try hostAndPort(authority)
        let path = rest[authority.endIndex...]
        return TargetURL(
            location: .server(ServerURL(isSecure: isSecure, host: host, port: port ?? (isSecure ? 443 : 80))),
            path: path.isEmpty || path == "/" ? nil : String(path)
        )
    }

    private static func practice(_ text: Substring) throws(TextProblem) -> Target.Location {
        let system = text.prefix { $0 != "?" }
        guard !system.isEmpty, system.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }) else {
            let help = "write practice:NAME or practice:NAME?fault&fault=value"
            throw TextProblem(.badValue, "the practice server has no name", at: 9, suggestion: help)
        }
        let faults = text.dropFirst(system.count + 1).split(separator: "&").map(String.init)
        return .practice(system: String(system), faults: faults)
    }

    private static func hostAndPort(_ authority: Substring) throws(TextProblem) -> (String, Int?) {
        var host = authority
        var port: Substring?
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else {
                throw TextProblem(.badValue, "the URL's host has no ']'", at: 0)
            }
            host = authority[authority.index(after: authority.startIndex)..<end]
            let rest = authority[authority.index(after: end)...]
            guard rest.isEmpty || rest.first == ":" else {
                throw TextProblem(.badValue, "the URL has no valid host", at: 0)
            }
            port = rest.isEmpty ? nil : rest.dropFirst()
        } else if let colon = authority.lastIndex(of: ":") {
            host = authority[..<colon]
            port = authority[authority.index(after: colon)...]
        }
        let isHost =
            !host.isEmpty && host.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F && $0 != "\\" }
        guard isHost, authority.first == "[" || !host.contains(":") else {
            throw TextProblem(.badValue, "the URL has no valid host", at: 0)
        }
        guard let port else { return (String(host), nil) }
        guard let number = Int(port), (1...65_535).contains(number) else {
            throw TextProblem(.badValue, "the URL's port has to be a number from 1 to 65535", at: 0)
        }
        return (String(host), number)
    }
}

extension ScenarioReader {
    /// What is wrong with a target's URL, and what to write; nil: nothing.
    package static func problem(ofTarget url: String) -> String? {
        do throws(TextProblem) {
            _ = try TargetURL.parse(url)
            return nil
        } catch {
            return error.message + (error.suggestion.map { "; \($0)" } ?? "")
        }
    }
}
