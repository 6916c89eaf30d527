extension ISODate {
    /// Milliseconds since 1970 of a date with time in ISO 8601, `2026-01-31T09:05:00.007Z` or with `+01:00`; nil where
    /// the text is none. Source: RFC 3339, section 5.6.
    static func epochMilliseconds(_ text: some StringProtocol) -> Int64? {
        let bytes = Array(text.utf8.prefix(40))
        guard bytes.count >= 20, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            bytes[10] == UInt8(ascii: "T") || bytes[10] == 0x20, bytes[13] == UInt8(ascii: ":"),
            bytes[16] == UInt8(ascii: ":"), let year = number(bytes, 0..<4), let month = number(bytes, 5..<7),
            let day = number(bytes, 8..<10), let hour = number(bytes, 11..<13), let minute = number(bytes, 14..<16),
            let second = number(bytes, 17..<19), (1...12).contains(month), (1...31).contains(day), hour < 25,
            minute < 60, second < 61
        else { return nil }
        var at = 19
        var milliseconds = 0
        if bytes[at] == UInt8(ascii: ".") {
            at += 1
            var factor = 100
            while at < bytes.count, let digit = digit(bytes[at]) {
                milliseconds += digit * factor
                factor /= 10
                at += 1
            }
        }
        guard at < bytes.count, let offset = offsetMinutes(bytes, at) else { return nil }
        let seconds = days(year, month, day) * 86_400 + hour * 3600 + (minute - offset) * 60 + second
        return Int64(seconds * 1000 + milliseconds)
    }

    private static func offsetMinutes(_ bytes: [UInt8], _ at: Int) -> Int? {
        switch bytes[at] {
        case UInt8(ascii: "Z"), UInt8(ascii: "z"):
            return at + 1 == bytes.count ? 0 : nil
        case UInt8(ascii: "+"), UInt8(ascii: "-"):
            guard bytes.count == at + 6, bytes[at + 3] == UInt8(ascii: ":"),
                let hours = number(bytes, at + 1..<at + 3), let minutes = number(bytes, at + 4..<at + 6)
            else { return nil }
            return (bytes[at] == UInt8(ascii: "-") ? -1 : 1) * (hours * 60 + minutes)
        default:
            return nil
        }
    }

    private static func number(_ bytes: [UInt8], _ range: Range<Int>) -> Int? {
        var value = 0
        for byte in bytes[range] {
            guard let digit = digit(byte) else { return nil }
            value = value * 10 + digit
        }
        return value
    }

    private static func digit(_ byte: UInt8) -> Int? {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) ? Int(byte) - 0x30 : nil
    }

    /// Days from 1970-01-01 (Howard Hinnant, "chrono-compatible low-level date algorithms").
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
