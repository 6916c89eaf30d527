import Foundation
import NIOCore
import Wire

@testable import LoadRunner
@testable import Scenarios

/// What was said in a recording, as far as two recordings of the same session have to agree.
///
/// Each message is a line: direction, event, shape. Left out are the framing, heartbeats and handshakes of the protocols,
/// and the heartbeats of a plain WebSocket, since their number follows from the time. What may differ is said where it
/// is taken out:
/// - Events that a handler of the scenario counts are news, which come when the server has some: they are left out.
/// - Of a WebSocket, who closed it first is not in a HAR file.
enum Spoken {
    static func lines(of recording: Recording, withoutNews scenario: String) -> [String] {
        let news = scenario.matches(of: #/\n  (\S+): { count: /#).map { String($0.1) }
        var reader = ConversationReader(recording)
        var lines: [String] = []
        for var conversation in reader.conversations(of: recording) {
            let epoch = recording.header.recordedAt.flatMap { ISODate.epochMilliseconds($0) }.map(Double.init)
            if conversation.messageProtocol == .webSocket {
                conversation.apply(EnvelopeGuess(conversation.turns, epoch: epoch))
                _ = HeartbeatGuess(takingFrom: &conversation.turns)
            }
            lines += conversation.turns.filter { $0.received?.event.map { !news.contains($0) } ?? true }.map(line)
        }
        return lines
    }

    /// The lines where a server draws its answers, as LeFlux does from the id of a session: how many chunks and rounds of a
    /// loop come, and which of two forms a plan has, differs.
    static func drawn(_ lines: [String]) -> [String] {
        var result: [String] = []
        for line in lines {
            var name = line.split(separator: " ").prefix(2).joined(separator: " ")
            if name == "> sequence_complete" { name = "> action_complete" }
            if ["< message", "< ui_block"].contains(name) { continue }
            let round = ["< action_plan", "> action_complete", "> continue_task"]
            if name == result.last || round.contains(name) && result.suffix(3).contains(name) { continue }
            result.append(name)
        }
        return result
    }

    private static func line(_ turn: Turn) -> String {
        func list(_ values: [JSONValue]) -> String { values.map(shape).joined(separator: ", ") }
        switch turn.act {
        case .connect(let opening, let auth):
            return "> connect \(QueryText.path(opening.path)) \(auth.map(shape) ?? "")"
        case .sent(let said):
            return "> \(said.event ?? "message") \(list(said.arguments)) \(said.binary.map(\.readableBytes))"
        case .received(let said):
            return "< \(said.event ?? "message") \(list(said.arguments)) \(said.binary.map(\.readableBytes))"
        case .acknowledged(_, let arguments): return "< ack \(list(arguments))"
        case .acknowledge(_, let arguments, let binary):
            return "> ack \(list(arguments)) \(binary.map(\.readableBytes))"
        case .request(let exchange):
            let bodies = [exchange.requestJSON, exchange.responseJSON].map { $0.map(shape) ?? "-" }
            return "> \(exchange.method) \(QueryText.path(exchange.path)) \(exchange.status ?? 0) \(bodies)"
        case .disconnect: return "> disconnect"
        case .closed(let code): return "< closed \(code)"
        case .refused(let status): return "< refused \(status ?? 0)"
        }
    }

    /// The names of members and the types of values; of a list, the shapes that its elements have.
    static func shape(_ value: JSONValue) -> String {
        switch value {
        case .null: return "null"
        case .bool: return "bool"
        case .integer, .number: return "number"
        case .string: return "text"
        case .array(let elements): return "[\(Set(elements.map(shape)).sorted().joined(separator: " | "))]"
        case .object(let members):
            return "{\(members.map { "\($0.name): \(shape($0.value))" }.sorted().joined(separator: ", "))}"
        }
    }

    /// The scenario without what is a time.
    static func flow(of result: Converter.Result) -> String {
        let lines = result.scenario.split(separator: "\n", omittingEmptySubsequences: false)
            .drop { $0 != "vars:" && $0 != "flow:" && $0 != "on:" }
        return lines.joined(separator: "\n")
            .replacing(#/think: [\w.]+/#, with: "think: 1s").replacing(#/within: [\w.]+/#, with: "within: 1s")
            .replacing(#/\n *- think: 1s/#, with: "")
    }

    static func difference(_ one: [String], _ other: [String]) -> String {
        other.difference(from: one).map { change in
            switch change {
            case .insert(let place, let line, _): "new \(place): \(line)"
            case .remove(let place, let line, _): "gone \(place): \(line)"
            }
        }
        .joined(separator: "\n")
    }
}
