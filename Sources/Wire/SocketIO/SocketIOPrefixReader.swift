/// Reads what stands between a packet's type and its payload.
struct SocketIOPrefixReader {
    let base: UnsafeRawPointer
    var at: Int
    let end: Int

    /// `N-`, with N from 1 to the limit.
    mutating func attachments(limit: Int) throws(WireError) -> Int {
        let start = at
        guard let count = try digits(), at > start, at < end, base.byte(at) == UInt8(ascii: "-"), count > 0 else {
            throw SocketIOPacketView.error("A binary packet does not say how many attachments it has.")
        }
        guard count <= limit else {
            throw WireError(.tooLarge, "A packet has \(count) attachments, more than the limit of \(limit).")
        }
        at &+= 1
        return count
    }

    /// `/name,`; without the comma the packet ends with the name. `/` itself is the main namespace.
    mutating func namespace() -> Range<Int>? {
        guard at < end, base.byte(at) == UInt8(ascii: "/") else { return nil }
        let start = at
        while at < end, base.byte(at) != UInt8(ascii: ",") { at &+= 1 }
        let name = start..<at
        if at < end { at &+= 1 }
        return name.count > 1 ? name : nil
    }

    /// The digits of an id, or nil where there are none.
    mutating func id() throws(WireError) -> Int? {
        try digits()
    }

    private mutating func digits() throws(WireError) -> Int? {
        let start = at
        var value = 0
        while at < end, JSONScanner.isDigit(base.byte(at)) {
            let (product, isTooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflows) = product.addingReportingOverflow(Int(base.byte(at) &- UInt8(ascii: "0")))
            if isTooLarge || overflows {
                throw SocketIOPacketView.error("A number in the head of a packet is too large.")
            }
            value = sum
            at &+= 1
        }
        return at > start ? value : nil
    }
}
