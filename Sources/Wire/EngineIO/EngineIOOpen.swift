/// What the server says when a session opens.
///
/// Source: engine.io-protocol, README.md, "Handshake".
package struct EngineIOOpen: Hashable, Sendable {
    package var sid: String
    /// The time from one of the server's pings to the next.
    package var pingInterval: Duration
    /// How late a ping may be before the connection counts as dead.
    package var pingTimeout: Duration
    /// The most bytes that the server takes in one polling payload; nil where it did not say.
    package var maxPayload: Int?
    /// The transports that the session can be upgraded to.
    package var upgrades: [String]

    package init(
        sid: String,
        pingInterval: Duration = .seconds(25),
        pingTimeout: Duration = .seconds(20),
        maxPayload: Int? = 1_000_000,
        upgrades: [String] = []
    ) {
        self.sid = sid
        self.pingInterval = pingInterval
        self.pingTimeout = pingTimeout
        self.maxPayload = maxPayload
        self.upgrades = upgrades
    }
}

extension EngineIOOpen {
    /// Reads the payload of an open packet.
    ///
    /// Numbers are clamped: times to 2³¹-1 ms (what a timer in JavaScript takes), the payload to what `Int` holds.
    package init(parsing bytes: UnsafeRawBufferPointer, range: Range<Int>) throws(WireError) {
        let tree: JSONValue
        do throws(JSONError) {
            tree = try JSONValue(parsing: bytes, range: range, maximumDepth: 16)
        } catch {
            throw WireError(.protocolViolation, "The open packet is not JSON. \(error.reason)")
        }
        guard case .string(let sid)? = tree["sid"], !sid.isEmpty, sid.utf8.count <= 1024 else {
            throw WireError(.protocolViolation, "The open packet has no sid of 1 to 1024 bytes.")
        }
        self.sid = sid
        pingInterval = try Self.time("pingInterval", of: tree)
        pingTimeout = try Self.time("pingTimeout", of: tree)
        switch tree["maxPayload"] {
        case .integer(let count)? where count >= 0: maxPayload = count
        case .number(let count)? where count >= 0: maxPayload = Int(exactly: count.rounded(.down)) ?? .max
        case nil: maxPayload = nil
        default: throw WireError(.protocolViolation, "The maxPayload of the open packet is no number from 0 up.")
        }
        upgrades = try Self.upgrades(of: tree)
    }

    private static func time(_ name: String, of tree: JSONValue) throws(WireError) -> Duration {
        let longest = 2_147_483_647
        switch tree[name] {
        case .integer(let count)? where count >= 0:
            return .milliseconds(min(count, longest))
        case .number(let count)? where count >= 0:
            return .microseconds(Int64(min(count, Double(longest)) * 1000))
        default:
            throw WireError(.protocolViolation, "The \(name) of the open packet is no number from 0 up.")
        }
    }

    private static func upgrades(of tree: JSONValue) throws(WireError) -> [String] {
        let problem = WireError(.protocolViolation, "The upgrades of the open packet are no short list of names.")
        guard let list = tree["upgrades"] else { return [] }
        guard case .array(let elements) = list, elements.count <= 16 else { throw problem }
        var names: [String] = []
        for element in elements {
            guard case .string(let name) = element, name.utf8.count <= 64 else { throw problem }
            names.append(name)
        }
        return names
    }
}
