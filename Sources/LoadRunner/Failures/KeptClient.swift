import Scenarios

/// A client that failed, whose traffic is kept.
package struct KeptClient: Sendable {
    /// What failed.
    package struct Failure: Hashable, Sendable {
        package var kind: FailureKind
        /// Among those that are kept, from 0 up; another that was kept there before goes.
        package var place: Int
        /// Of two at one place, the larger is the later.
        package var number: Int
    }

    package var failure: Failure
    package var group: String
    package var slot: Int
    /// Which of the slot's clients.
    package var generation: Int
    /// When it started, in milliseconds since 1970.
    package var startEpochMilliseconds: Int64
    /// `http://host:port`.
    var server: String
    var messageProtocol: Target.MessageProtocol
    var content: TapeContent
    /// What must not be in the file, whatever its name.
    var secrets: [String]

    /// `0001-timeout-client17.rec.jsonl`: place, kind, slot, and which of the slot's clients where it is not the first.
    package var fileName: String {
        let place = "\(failure.place + 1)"
        let number = "0000\(place)".suffix(max(4, place.count))
        let kind = Self.word(failure.kind.kind)
        return "\(number)-\(kind)-client\(slot)\(generation > 0 ? ".\(generation)" : "").rec.jsonl"
    }

    /// A kind as part of a file's name, whatever is in it.
    private static func word(_ kind: String) -> String {
        let word = kind.unicodeScalars.prefix(40).map { scalar in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "_", ".": String(scalar)
            default: "_"
            }
        }
        .joined()
        return word.isEmpty || word.hasPrefix(".") ? "_\(word)" : word
    }
}
