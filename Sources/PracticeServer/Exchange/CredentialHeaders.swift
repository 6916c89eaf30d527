/// The headers of a request that may hold credentials: `Authorization`, `Cookie` and those that begin with `X-`.
///
/// No others are kept: a server remembers these for as long as the connection is there.
struct CredentialHeaders: Sendable {
    private var headers: [(name: String, value: String)] = []

    init() {}

    init<Headers: Sequence>(_ headers: Headers) where Headers.Element == (name: String, value: String) {
        for (name, value) in headers {
            let name = name.lowercased()
            guard name == "authorization" || name == "cookie" || name.hasPrefix("x-") else { continue }
            self.headers.append((name, value))
        }
    }

    /// The first header of this name, which is written in lower case here.
    subscript(name: String) -> String? {
        headers.first { $0.name == name }?.value
    }

    /// The value of a cookie; nil where there is none of this name.
    func cookie(_ name: String) -> String? {
        for (header, value) in headers where header == "cookie" {
            for pair in value.split(separator: ";") {
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard parts.count == 2, parts[0].drop(while: { $0 == " " }) == name else { continue }
                return String(parts[1])
            }
        }
        return nil
    }
}
