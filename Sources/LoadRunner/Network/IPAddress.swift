#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// An IPv4 or IPv6 address as a number, so that ranges can be counted through.
struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    enum Family: Hashable, Sendable {
        case v4, v6

        /// How long an address is.
        var bits: Int { self == .v4 ? 32 : 128 }
    }

    let family: Family
    let value: UInt128

    init(_ family: Family, _ value: UInt128) {
        self.family = family
        self.value = value
    }

    /// Nil for a text that is no address.
    init?(_ text: some StringProtocol) {
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, String(text), &bytes) == 1 {
            self.init(.v4, bytes[..<4])
        } else if inet_pton(AF_INET6, String(text), &bytes) == 1 {
            self.init(.v6, bytes[...])
        } else {
            return nil
        }
    }

    /// From the bytes in the order of the network.
    private init(_ family: Family, _ bytes: ArraySlice<UInt8>) {
        self.init(family, bytes.reduce(0) { $0 << 8 | UInt128($1) })
    }

    /// In 127.0.0.0/8.
    var isLoopbackV4: Bool { family == .v4 && value >> 24 == 127 }

    var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let last = family.bits / 8 - 1
        let bytes = (0...last).map { UInt8(truncatingIfNeeded: value >> UInt128(8 * (last - $0))) }
        inet_ntop(family == .v4 ? AF_INET : AF_INET6, bytes, &text, socklen_t(text.count))
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
