/// Why a server refused a request of polling or a handshake, as the body of its answer says.
///
/// Source: engine.io, lib/server.ts, `errors` and `abortRequest`.
package struct EngineIOError: Error, Hashable, Sendable {
    /// The codes of the official server.
    package enum Code: Int, Hashable, Sendable, CaseIterable {
        case unknownTransport = 0
        case unknownSession = 1
        case badHandshakeMethod = 2
        case badRequest = 3
        case forbidden = 4
        case unsupportedProtocolVersion = 5

        /// What the official server says of it.
        package var message: String {
            switch self {
            case .unknownTransport: "Transport unknown"
            case .unknownSession: "Session ID unknown"
            case .badHandshakeMethod: "Bad handshake method"
            case .badRequest: "Bad request"
            case .forbidden: "Forbidden"
            case .unsupportedProtocolVersion: "Unsupported protocol version"
            }
        }
    }

    /// Nil where the server gave none, or one that the official server does not know.
    package var code: Code?
    /// The server's words, at most 512 characters; those of the official server where it gave only the code.
    package var message: String

    package init(_ code: Code?, message: String? = nil) {
        self.code = code
        self.message = message ?? code?.message ?? ""
    }

    /// Reads the start of a body: `{"code":1,"message":"Session ID unknown"}`, or the sentence in quotes of
    /// python-engineio; nil where it is neither.
    package init?(parsing body: UnsafeRawBufferPointer) {
        guard body.count <= 64 << 10, let value = try? JSONScanner.validate(body, range: 0..<body.count) else {
            return nil
        }
        if let message = JSONScanner.string(of: value, in: body) {
            self.init(nil, message: String(message.prefix(512)))
            return
        }
        let code = Self.member("code", of: value, body).flatMap { JSONScanner.integer(of: $0, in: body) }
        let message = Self.member("message", of: value, body).flatMap { JSONScanner.string(of: $0, in: body) }
        guard code != nil || message != nil else { return nil }
        self.init(code.flatMap(Code.init(rawValue:)), message: message.map { String($0.prefix(512)) })
    }

    private static func member(
        _ name: StaticString,
        of object: JSONSlice,
        _ bytes: UnsafeRawBufferPointer
    ) -> JSONSlice? {
        let name = UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        return JSONScanner.member(named: name, of: object, in: bytes)
    }
}

extension EngineIOError: CustomStringConvertible {
    /// One sentence for people.
    package var description: String {
        let code = code.map { " (code \($0.rawValue))" } ?? ""
        return message.isEmpty ? "The server gave no reason\(code)." : "The server says: \(message)\(code)."
    }
}
