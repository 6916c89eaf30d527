/// Masks and unmasks payloads (the same operation). Source: RFC 6455, section 5.3.
package enum WebSocketMask {
    /// Applies the key, whose highest byte is the first one on the wire, from the payload's first byte on.
    package static func apply(_ key: UInt32, to payload: UnsafeMutableRawBufferPointer) {
        guard let base = payload.baseAddress else { return }
        // In memory the key's bytes stand in the order of the wire, whatever the machine's byte order is.
        let inMemory = UInt64(key.bigEndian)
        let pattern = inMemory | (inMemory &<< 32)
        let count = payload.count
        var at = 0
        while count &- at >= 8 {
            let word = base.loadUnaligned(fromByteOffset: at, as: UInt64.self)
            base.storeBytes(of: word ^ pattern, toByteOffset: at, as: UInt64.self)
            at &+= 8
        }
        withUnsafeBytes(of: pattern) { bytes in
            var index = 0
            while at < count {
                let byte = base.load(fromByteOffset: at, as: UInt8.self)
                base.storeBytes(of: byte ^ bytes[index], toByteOffset: at, as: UInt8.self)
                at &+= 1
                index &+= 1
            }
        }
    }
}
