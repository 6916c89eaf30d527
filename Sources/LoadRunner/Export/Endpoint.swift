import Foundation
package import Scenarios

/// A URL that Reprise itself asks or tells something, beside the load: where a collector takes figures, where a server
/// shows its own.
package struct Endpoint: Hashable, Sendable {
    package let url: ServerURL
    /// With the query.
    package let path: String
    /// `name:password` of the URL; nil where there is none.
    let userInfo: String?
    /// As it may be shown: of the user and the query nothing but that they are there.
    package let shown: String

    /// Nil for a text that is no URL of HTTP or HTTPS.
    package init?(_ text: String) {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }), let mark = text.firstRange(of: "://") else {
            return nil
        }
        let scheme = text[..<mark.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else { return nil }
        var rest = text[mark.upperBound...].prefix { $0 != "#" }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        rest = rest.dropFirst(authority.count)
        let at = authority.lastIndex(of: "@")
        userInfo = at.map { authority[..<$0].removingPercentEncoding ?? String(authority[..<$0]) }
        let name = at.map { authority[authority.index(after: $0)...] } ?? authority
        guard let place = HTTPPlace("\(scheme)://\(name)/", group: 0, authority: "") else { return nil }
        guard !place.host.isEmpty else { return nil }
        url = ServerURL(isSecure: place.isSecure, host: place.host, port: place.port)
        path = rest.hasPrefix("/") ? String(rest) : "/\(rest)"
        let base = path.prefix { $0 != "?" }
        let user = at == nil ? "" : "[redacted]@"
        let plain = "\(url)\(base)".replacing("://", with: "://\(user)", maxReplacements: 1)
        shown = base.count == path.count ? plain : "\(plain)?[redacted]"
    }

    private init(_ other: Endpoint, path: String, shown: String) {
        url = other.url
        userInfo = other.userInfo
        self.path = path
        self.shown = shown
    }

    /// Where metrics go: the URL itself where it ends with `/v1/metrics`, otherwise with that behind its path.
    ///
    /// As OpenTelemetry has it for `OTEL_EXPORTER_OTLP_ENDPOINT` ("Endpoint URLs for OTLP/HTTP").
    package var forMetrics: Endpoint {
        let base = path.prefix { $0 != "?" }
        guard !base.hasSuffix("/v1/metrics") else { return self }
        let addition = base.hasSuffix("/") ? "v1/metrics" : "/v1/metrics"
        let query = path.dropFirst(base.count)
        return Endpoint(
            self,
            path: base + addition + query,
            shown: query.isEmpty
                ? shown + addition : String(shown.dropLast("?[redacted]".count)) + addition + "?[redacted]"
        )
    }

    /// The host and the port: who it is in a label.
    package var instance: String {
        String("\(url)".drop { $0 != ":" }.dropFirst(3))
    }

    /// Who each of several is, in a label; where two have the same host and port, with their paths.
    package static func instances(of endpoints: [Endpoint]) -> [String] {
        let names = endpoints.map(\.instance)
        var seen: [String: Int] = [:]
        return zip(endpoints, names).map { endpoint, name in
            let isShared = names.count { $0 == name } > 1
            let full = isShared ? name + endpoint.path.prefix { $0 != "?" } : name
            seen[full, default: 0] += 1
            let number = seen[full] ?? 1
            return number == 1 ? full : "\(full)#\(number)"
        }
    }

    /// `Basic …` (RFC 7617); nil where the URL names no user.
    var authorization: String? {
        userInfo.map { "Basic \(Data($0.utf8).base64EncodedString())" }
    }

    /// What must stand nowhere: the password, and the header that it becomes.
    package var secrets: [String] {
        guard let userInfo, let authorization else { return [] }
        let password = userInfo.drop { $0 != ":" }.dropFirst()
        return [String(password), String(authorization.dropFirst("Basic ".count))]
    }
}
