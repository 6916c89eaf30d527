import Metrics
import NIOCore
import Scenarios

/// Every step and message of a run with few clients, a line each, for whoever writes a scenario.
final class Trace: Sendable {
    private let clock: RunClock
    private let redactor: Redactor
    private let write: @Sendable (String) -> Void

    /// - Parameter write: Takes a line; called on the workers' threads.
    init(clock: RunClock, redactor: Redactor, write: @escaping @Sendable (String) -> Void) {
        self.clock = clock
        self.redactor = redactor
        self.write = write
    }

    func step(_ instruction: Instruction, of client: VirtualClient, at time: NIODeadline) {
        guard let text = instruction.traceText else { return }
        line("·", text, of: client.name, at: time)
    }

    func failure(_ kind: String, _ example: String, of client: VirtualClient, at time: NIODeadline) {
        line("✗", "\(kind): \(shown(example.utf8))", of: client.name, at: time)
    }

    func sent(_ message: some Collection<UInt8>, of name: String, at time: NIODeadline) {
        line("→", shown(message), of: name, at: time)
    }

    func received(_ message: some Collection<UInt8>, of name: String, at time: NIODeadline) {
        line("←", shown(message), of: name, at: time)
    }

    func note(_ text: String, of name: String, at time: NIODeadline) {
        line(" ", text, of: name, at: time)
    }

    private func line(_ sign: String, _ text: String, of name: String, at time: NIODeadline) {
        let milliseconds = (time - clock.start).nanoseconds / 1_000_000
        let fraction = String(milliseconds % 1000 + 1000).dropFirst()
        write("\(milliseconds / 1000).\(fraction) \(name) \(sign) \(text)")
    }

    /// The start of a message, control characters escaped; secrets go before it is cut, for half of one is one still.
    private func shown(_ message: some Collection<UInt8>) -> String {
        let text = redactor.apply(String(decoding: message.prefix(64 * 1024), as: UTF8.self))
        let scalars = text.unicodeScalars
        let start = scalars.prefix(400).map { $0.value < 0x20 ? $0.escaped(asASCII: true) : String($0) }.joined()
        return scalars.count > 400 ? "\(start)… (\(message.count) bytes)" : start
    }
}

extension VirtualClient {
    /// `visitor#12.0`: group, slot, generation.
    var name: String { "\(program.group.name)#\(slot).\(generation)" }
}

extension Instruction {
    /// The step as a line of the trace; nil for what the scenario does not name as a step.
    var traceText: String? {
        switch self {
        case .connect: "connect"
        case .disconnect: "disconnect"
        case .emit(let operation): "emit \(operation.event)"
        case .send: "send"
        case .acknowledge: "acknowledge"
        case .http(let operation): "http \(operation.request.method)"
        case .await(let operation): "await \(operation.wait.subject)"
        case .stream(let operation): "stream \(operation.step.name)"
        case .plan(let operation): "plan \(operation.step.name)"
        case .think(.range(let range)), .pause(.range(let range)): "think \(range.lower)…\(range.upper)"
        case .think(.exponential(let mean)), .pause(.exponential(let mean)): "think about \(mean)"
        case .pace(let operation): "pace \(Duration.nanoseconds(operation.interval.nanoseconds))"
        case .wait: "wait"
        case .choose: "choose"
        case .set(let operation): "set \(operation.assignments.map(\.name).joined(separator: ", "))"
        case .count(let operation): "count \(operation.name)"
        case .fail: "fail"
        case .fanOut: "fanout"
        case .drop(let kind): "drop \(kind.rawValue)"
        case .stall(let stall): "stall \(stall.duration)"
        case .end: "end"
        case .room, .replyEnd, .loop, .again, .unless, .jump: nil
        }
    }
}
