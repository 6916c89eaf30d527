import Wire

/// Counts what is wrong with the streams that a socket got, from the messages alone, as a report does.
struct StreamCount: Equatable {
    var missing = 0
    var duplicated = 0
    var reordered = 0
    var truncated = 0
    var mismatched = 0

    init() {}

    init(_ events: [LeFluxDriver.Event]) {
        var chunks: [String: [(index: Int, text: String)]] = [:]
        for (name, payload) in events {
            guard let stream = payload["streamId"]?.text else { continue }
            if name == "message_chunk", let index = payload["chunkIndex"]?.number, let text = payload["delta"]?.text {
                chunks[stream, default: []].append((index, text))
            } else if name == "message_done", let text = payload["text"]?.text {
                count(chunks[stream] ?? [], text)
            }
        }
    }

    private mutating func count(_ chunks: [(index: Int, text: String)], _ whole: String) {
        var seen: [Int: String] = [:]
        var highest = -1
        for (index, text) in chunks {
            if seen.updateValue(text, forKey: index) != nil {
                duplicated += 1
            } else if index < highest {
                reordered += 1
            }
            highest = max(highest, index)
        }
        let gaps = highest + 1 - seen.count
        missing += gaps
        guard gaps == 0 else { return }
        let joined = seen.sorted { $0.key < $1.key }.map(\.value).joined()
        if joined == whole { return }
        if whole.hasPrefix(joined) { truncated += 1 } else { mismatched += 1 }
    }
}
