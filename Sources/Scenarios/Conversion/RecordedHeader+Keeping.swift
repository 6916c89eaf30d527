extension RecordedHeader {
    /// Whether a scenario should send a header of this name: browsers and libraries add many of their own.
    static func isKept(_ name: String) -> Bool {
        let name = name.lowercased()
        if ["authorization", "cookie", "origin"].contains(name) { return true }
        return name.hasPrefix("x-") && !name.hasPrefix("x-forwarded") && name != "x-real-ip" && name != "x-request-id"
    }
}

extension [RecordedHeader] {
    /// Those that a scenario should send, each name once: HTTP/2 cuts cookies into lines of their own.
    var kept: [RecordedHeader] {
        var result: [RecordedHeader] = []
        for header in self where RecordedHeader.isKept(header.name) {
            let name = header.name.lowercased()
            guard let place = result.firstIndex(where: { $0.name.lowercased() == name }) else {
                result.append(header)
                continue
            }
            if name == "cookie" { result[place].value += "; \(header.value)" }
        }
        return result
    }
}
