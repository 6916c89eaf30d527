import Foundation

/// What a collector says of figures that it took: `ExportMetricsServiceResponse`.
package struct OTLPAnswer: Hashable, Sendable {
    /// Points that it did not want.
    package let rejected: Int
    /// Why, or another warning; empty where there is none.
    package let message: String

    /// - Parameter body: Whatever came; what is no such message says nothing.
    package init(_ body: [UInt8]) {
        guard let answer = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any],
            let partial = answer["partialSuccess"] as? [String: Any]
        else {
            rejected = 0
            message = ""
            return
        }
        // A 64-bit integer is a text in this JSON, but a number is understood, too.
        let number = partial["rejectedDataPoints"]
        rejected = max((number as? String).flatMap { Int($0) } ?? (number as? Int) ?? 0, 0)
        message = EscapedText.make(partial["errorMessage"] as? String ?? "", limit: 200)
    }

    /// A refusal in words: the `message` of a `google.rpc.Status`, or a body that is a short text.
    package static func reason(_ body: [UInt8]) -> String {
        if let status = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] {
            return EscapedText.make(status["message"] as? String ?? "", limit: 200)
        }
        let text = String(decoding: body.prefix(1000), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        return text.hasPrefix("<") ? "" : EscapedText.make(text, limit: 200)
    }
}
