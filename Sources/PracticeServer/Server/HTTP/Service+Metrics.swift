import NIOCore
import NIOHTTP1

// What the server says of itself to Prometheus, at /metrics of every system.
extension Service {
    static var metricsPath: String { "/metrics" }

    /// Its connections and messages in the text format 0.0.4; nil for a request for something else.
    ///
    /// It is answered at once whatever the faults are, and counted nowhere.
    func metrics(for head: HTTPRequestHead, _ target: RequestTarget) -> HTTPAnswer? {
        guard head.method == .GET, target.path == Self.metricsPath else { return nil }
        var text = ""
        let open = peers.count { $0?.isOpen == true && !($0 is RecoverableSocket<D>) }
        add("practice_open_connections", "gauge", "Connections that are open.", [("", open)], to: &text)
        let accepted = counts.connections.accepted
        add("practice_connections_total", "counter", "Connections that were taken.", [("", accepted)], to: &text)
        var received = counts.received
        if counts.echoed > 0 { received["message", default: 0] += counts.echoed }
        add("practice_messages_received_total", "counter", "Events of clients.", Self.labelled(received), to: &text)
        var sent: [String: Int] = [:]
        for (name, count) in zip(D.sentEvents, counts.sent) where count > 0 { sent[name] = count }
        if counts.echoed > counts.swallowed { sent["message", default: 0] += counts.echoed - counts.swallowed }
        add("practice_messages_sent_total", "counter", "Events to clients.", Self.labelled(sent), to: &text)
        let acknowledgements = counts.messages.acksSent
        add("practice_acks_sent_total", "counter", "Acknowledgements.", [("", acknowledgements)], to: &text)
        return .text(200, ByteBuffer(string: text), contentType: "text/plain; version=0.0.4; charset=utf-8")
    }

    private func add(
        _ name: String,
        _ type: String,
        _ help: String,
        _ values: [(labels: String, value: Int)],
        to text: inout String
    ) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
        for value in values { text += "\(name)\(value.labels) \(value.value)\n" }
    }

    /// Each with its name as the label `event`; clients choose names, so they are escaped.
    private static func labelled(_ counts: [String: Int]) -> [(labels: String, value: Int)] {
        counts.sorted { $0.key < $1.key }.map { name, count in
            let escaped = name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
            return ("{event=\"\(escaped)\"}", count)
        }
    }
}
