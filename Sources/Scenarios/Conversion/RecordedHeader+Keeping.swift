extension RecordedHeader {
    /// Whether a scenario should send a header of this name: browsers and libraries add many of their own.
    static func isKept(_ name: String) -> Bool {
        let name = name.lowercased()
        if ["authorization", "cookie", "origin"].contains(name) { return true }
        return name.hasPrefix("x-") && !name.hasPrefix("x-forwarded") && name != "x-real-ip" && name != "x-request-id"
    }
}
