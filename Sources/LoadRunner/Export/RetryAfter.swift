import Foundation
import NIOCore

/// The header with which a server says when to come back: RFC 9110, section 10.2.3.
enum RetryAfter {
    /// Longer waits are cut to this.
    static let limit = TimeAmount.minutes(10)

    /// Seconds, or a date; nil for anything else.
    static func delay(_ text: String, now: Date) -> TimeAmount? {
        let text = text.trimmingCharacters(in: .whitespaces)
        if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            return min(Int64(text).map { .seconds(min($0, 3600)) } ?? limit, limit)
        }
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "GMT")
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        guard let date = formatter.date(from: text) else { return nil }
        let seconds = min(max(date.timeIntervalSince(now), 0), 3600)
        return min(.nanoseconds(Int64(seconds * 1e9)), limit)
    }
}
