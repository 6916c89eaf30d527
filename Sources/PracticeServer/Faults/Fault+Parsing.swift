extension Fault {
    /// Reads `name` or `name=value`.
    ///
    /// - Throws: `PracticeServerError` with the code `unknownFault` or `invalidFault`; its message says what would do.
    package init(parsing text: String) throws(PracticeServerError) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        guard let entry = Self.all.first(where: { $0.name == name }) else {
            throw PracticeServerError(.unknownFault, Self.unknown(name))
        }
        guard let fault = Self.make(name, parts.count == 2 ? parts[1] : nil) else {
            throw PracticeServerError(
                .invalidFault,
                "The fault '\(text)' is not written as \(entry.syntax). \(Self.hint(entry))"
            )
        }
        self = fault
    }

    /// Reads several, and sees to it that none is given twice.
    package static func parse(_ texts: [String]) throws(PracticeServerError) -> [Fault] {
        var faults: [Fault] = []
        for text in texts {
            faults.append(try Fault(parsing: text))
        }
        try requireDistinct(faults)
        return faults
    }

    static func requireDistinct(_ faults: [Fault]) throws(PracticeServerError) {
        var seen: Set<String> = []
        for fault in faults where !seen.insert(fault.name).inserted {
            throw PracticeServerError(.invalidFault, "The fault '\(fault.name)' is given twice; keep one of them.")
        }
    }

    private static func make(_ name: String, _ value: Substring?) -> Fault? {
        switch name {
        case "latency": value.flatMap(latency)
        case "chunks": value.flatMap(Quantity.count).map(Fault.chunks)
        case "chunk-interval": value.flatMap(Quantity.duration).flatMap { $0 > .zero ? .chunkInterval($0) : nil }
        case "drop-chunk": period(value).map(Fault.dropChunk)
        case "duplicate-chunk": period(value).map(Fault.duplicateChunk)
        case "reorder-chunks": period(value).map(Fault.reorderChunks)
        case "truncate": period(value).map(Fault.truncate)
        case "refuse": value.flatMap(Quantity.percentage).map(Fault.refuse)
        case "kill-after": value.flatMap(Quantity.duration).flatMap { $0 > .zero ? .killAfter($0) : nil }
        case "no-ping": value == nil ? .noPing : nil
        case "no-pong": value == nil ? .noPong : nil
        case "ignore-plan-limit": value == nil ? .ignorePlanLimit : nil
        case "cycle": period(value, default: defaultCycle).map(Fault.cycle)
        case "rate-limit": value == nil ? .rateLimit : nil
        case "leak-session": period(value, default: 1).map(Fault.leakSession)
        case "lose-delivery": period(value).map(Fault.loseDelivery)
        case "double-delivery": period(value).map(Fault.doubleDelivery)
        case "swap-delivery": period(value).map(Fault.swapDelivery)
        case "duplicate-reply": period(value).map(Fault.duplicateReply)
        case "wrong-order": period(value).map(Fault.wrongOrder)
        case "ignore-limits": value == nil ? .ignoreLimits : nil
        case "auth": value.flatMap { ["on": true, "off": false][$0] }.map(Fault.authentication)
        case "rate": value.flatMap(Quantity.count).map(Fault.rate)
        case "prefix": value.flatMap(path).map(Fault.prefix)
        case "heartbeat": value.flatMap(Quantity.duration).flatMap { $0 > .zero ? .heartbeat($0) : nil }
        case "max-connections": value.flatMap(Quantity.count).map(Fault.maxConnections)
        case "require-token": value?.isEmpty == true ? nil : .requireToken(value.map(String.init))
        case "buffer": value.flatMap(Quantity.size).map(Fault.buffer)
        case "zombie": value.flatMap(Quantity.duration).flatMap { $0 > .zero ? .zombie($0) : nil }
        case "recovery": value.flatMap(Quantity.duration).flatMap { $0 > .zero ? .recovery($0) : nil }
        case "ping-interval": value.flatMap(milliseconds).map(Fault.pingInterval)
        case "ping-timeout": value.flatMap(milliseconds).map(Fault.pingTimeout)
        default: nil
        }
    }

    private static func period(_ value: Substring?, default fallback: Int = defaultPeriod) -> Int? {
        value.map(Quantity.count) ?? fallback
    }

    /// A time of whole milliseconds, from one up.
    private static func milliseconds(_ value: Substring) -> Duration? {
        guard let time = Quantity.duration(value), time > .zero else { return nil }
        return time.components.attoseconds % 1_000_000_000_000_000 == 0 ? time : nil
    }

    /// A path that begins with a slash, of visible ASCII and without a query.
    private static func path(_ value: Substring) -> String? {
        let isPath = value.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") }
        return value.hasPrefix("/") && isPath && !value.contains("?") ? String(value) : nil
    }

    /// `50ms`, `50ms±10ms`, or `50ms+-10ms` for keyboards without the sign.
    private static func latency(_ value: Substring) -> Fault? {
        for sign in ["±", "+-"] {
            guard let place = range(of: sign, in: value) else { continue }
            guard let delay = Quantity.duration(value[..<place.lowerBound]) else { return nil }
            guard let jitter = Quantity.duration(value[place.upperBound...]), jitter <= delay else { return nil }
            return .latency(delay, jitter: jitter)
        }
        return Quantity.duration(value).map { .latency($0, jitter: .zero) }
    }

    private static func hint(_ entry: Entry) -> String {
        var hints: [String] = []
        if entry.syntax.contains("TIME") { hints.append("TIME is a number with us, ms, s, m or h, such as 50ms.") }
        if entry.syntax.contains("±") { hints.append("The jitter is no larger than the delay.") }
        if entry.syntax.contains("=N") { hints.append("N is a whole number from 1 to 1000000.") }
        if entry.syntax.contains("SIZE") {
            hints.append("SIZE is a whole number of bytes, or of KB, MB, GB, KiB, MiB or GiB, such as 1MB.")
        }
        if entry.syntax.contains("PATH") { hints.append("PATH begins with a slash, such as /realtime.") }
        if entry.syntax.contains("PERCENT") { hints.append("PERCENT is from 0% to 100%, such as 10%.") }
        if !entry.syntax.contains("=") { hints.append("It takes no value.") }
        return hints.joined(separator: " ")
    }

    private static func unknown(_ name: String) -> String {
        let names = all.map(\.name)
        var message = "There is no fault '\(name)'"
        if let near = Spelling.nearest(to: name, among: names) {
            message += "; did you mean '\(near)'?"
        } else {
            message += "."
        }
        return message + " Faults: " + names.joined(separator: ", ") + "."
    }
}

/// Where a text stands in another; Foundation is not needed for a search this small.
private func range(of text: String, in whole: Substring) -> Range<Substring.Index>? {
    var start = whole.startIndex
    while start < whole.endIndex {
        if whole[start...].hasPrefix(text) { return start..<whole.index(start, offsetBy: text.count) }
        start = whole.index(after: start)
    }
    return nil
}
