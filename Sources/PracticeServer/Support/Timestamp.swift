/// Points in time as texts.
enum Timestamp {
    /// `2025-10-31T12:00:00.000Z`, as RFC 3339 writes it.
    ///
    /// - Parameter milliseconds: Since 1970.
    static func text(_ milliseconds: Int64) -> String {
        let time = max(milliseconds, 0)
        let (days, ofDay) = (time / 86_400_000, time % 86_400_000)
        let (year, month, day) = date(days)
        return "\(digits(year, 4))-\(digits(month, 2))-\(digits(day, 2))"
            + "T\(digits(ofDay / 3_600_000, 2)):\(digits(ofDay / 60_000 % 60, 2)):\(digits(ofDay / 1000 % 60, 2))"
            + ".\(digits(ofDay % 1000, 3))Z"
    }

    /// The day of the Gregorian calendar that is so many days after the first of 1970.
    ///
    /// Counted in years that begin in March, so that the leap day is the last of its year.
    /// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
    private static func date(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let (era, ofEra) = (shifted / 146_097, shifted % 146_097)
        let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * ofYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, ofYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    private static func digits(_ number: Int64, _ count: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, count - text.count)) + text
    }
}
