package import NIOCore

/// Cuts the payload of a polling request or answer into its packets, where they lie.
///
/// The caller lends the same bytes to every call. Nothing is copied or allocated; `decode` alone writes, into the
/// caller's buffer. After an error nothing more comes. Source: engine.io-protocol, README.md, "HTTP long-polling".
package struct EngineIOPayloadReader: Hashable, Sendable {
    /// One packet; offsets count from the start of the bytes.
    package enum Packet: Hashable, Sendable {
        /// The type and the content, as in a text frame.
        case text(Range<Int>)
        /// The base64 characters of a binary message, without the `b` before them; for `decode`.
        case binary(Range<Int>)
    }

    /// How many packets a payload may have, unless the caller says otherwise.
    package static var maximumPackets: Int { 4096 }

    /// What stands between two packets.
    static var separator: UInt8 { 0x1E }

    private let limit: Int
    private let maximumPackets: Int
    /// The start of the next packet; nil when there is none.
    private var at: Int? = 0
    private var count = 0

    /// - Parameters:
    ///   - maximumSize: bytes of the whole payload.
    ///   - maximumPackets: of the whole payload.
    package init(
        maximumSize: Int = WireLimits().message,
        maximumPackets: Int = EngineIOPayloadReader.maximumPackets
    ) {
        limit = maximumSize
        self.maximumPackets = maximumPackets
    }

    package init(limits: WireLimits) {
        self.init(maximumSize: limits.message)
    }

    /// The next packet of this payload, or nil after the last.
    ///
    /// - Throws: `too_large` beyond a limit; `protocol` where a packet is empty, which an empty payload is as well.
    package mutating func next(_ payload: UnsafeRawBufferPointer) throws(WireError) -> Packet? {
        guard let start = at else { return nil }
        if payload.count > limit {
            throw fail(.tooLarge, "A polling payload has \(payload.count) bytes, more than the limit of \(limit).")
        }
        guard let base = payload.baseAddress, start < payload.count, base.byte(start) != Self.separator else {
            throw fail(.protocolViolation, "A polling payload has a packet without a type.")
        }
        if count >= maximumPackets {
            throw fail(.tooLarge, "A polling payload has more packets than the limit of \(maximumPackets).")
        }
        count &+= 1
        let end = Self.packetEnd(base, start, payload.count)
        at = end < payload.count ? end &+ 1 : nil
        if base.byte(start) == UInt8(ascii: "b") {
            return .binary(Range(uncheckedBounds: (start &+ 1, end)))
        }
        return .text(Range(uncheckedBounds: (start, end)))
    }

    /// Appends the bytes of the binary message in this range of the payload.
    ///
    /// - Parameter limit: how many bytes the message may have.
    package static func decode(
        _ range: Range<Int>,
        in payload: UnsafeRawBufferPointer,
        limit: Int = WireLimits().message,
        to buffer: inout ByteBuffer
    ) throws(WireError) {
        let problem = WireError(.protocolViolation, "A binary packet of a polling payload is not base64.")
        guard let range = JSONScanner.clamp(range, to: payload) else { throw problem }
        let text = UnsafeRawBufferPointer(rebasing: payload[range])
        guard let count = Base64.decodedCount(text) else { throw problem }
        if count > limit {
            throw WireError(.tooLarge, "A binary message has \(count) bytes, more than the limit of \(limit).")
        }
        guard Base64.decode(text, to: &buffer) else { throw problem }
    }
}

extension EngineIOPayloadReader {
    @inline(__always)
    private static func packetEnd(_ base: UnsafeRawPointer, _ start: Int, _ end: Int) -> Int {
        var at = start
        while end &- at >= 8 {
            let mask = ByteScan.equal(ByteScan.word(base, at), to: separator)
            if mask != 0 { return at &+ ByteScan.firstIndex(in: mask) }
            at &+= 8
        }
        while at < end, base.byte(at) != separator { at &+= 1 }
        return at
    }

    private mutating func fail(_ kind: WireError.Kind, _ sentence: String) -> WireError {
        at = nil
        return WireError(kind, sentence)
    }
}
