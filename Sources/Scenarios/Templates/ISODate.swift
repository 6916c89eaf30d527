import NIOCore

/// A point in time as JavaScript's `toISOString` writes it: `2026-01-31T09:05:00.007Z`.
package enum ISODate {
    package static func text(epochMilliseconds: Int64) -> String {
        var buffer = ByteBuffer()
        append(epochMilliseconds: epochMilliseconds, to: &buffer)
        return String(buffer: buffer)
    }

    /// Years before 0 and after 9999 are clamped.
    static func append(epochMilliseconds: Int64, to buffer: inout ByteBuffer) {
        let clamped = min(max(epochMilliseconds, -62_167_219_200_000), 253_402_300_799_999)
        var day = Int(clamped / 86_400_000)
        var time = Int(clamped % 86_400_000)
        if time < 0 {
            time += 86_400_000
            day -= 1
        }
        let (year, month, dayOfMonth) = civil(day)
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: 24) { target in
            var offset = 0
            func put(_ value: Int, digits: Int, _ separator: Unicode.Scalar) {
                var value = value
                for place in stride(from: digits - 1, through: 0, by: -1) {
                    target[offset + place] = UInt8(ascii: "0") + UInt8(value % 10)
                    value /= 10
                }
                offset += digits
                target[offset] = UInt8(ascii: separator)
                offset += 1
            }
            put(year, digits: 4, "-")
            put(month, digits: 2, "-")
            put(dayOfMonth, digits: 2, "T")
            put(time / 3_600_000, digits: 2, ":")
            put(time / 60_000 % 60, digits: 2, ":")
            put(time / 1000 % 60, digits: 2, ".")
            put(time % 1000, digits: 3, "Z")
            return offset
        }
    }

    /// The date of a day since 1970-01-01 (Howard Hinnant, "chrono-compatible low-level date algorithms").
    private static func civil(_ day: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let civilMonth = month < 10 ? month + 3 : month - 9
        return (
            yearOfEra + era * 400 + (civilMonth <= 2 ? 1 : 0), civilMonth, dayOfYear - (153 * month + 2) / 5 + 1
        )
    }
}
