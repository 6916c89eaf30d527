import Metrics
import NIOCore
import Scenarios
import Wire

/// A replay, lowered for one worker: the script with the operations of its steps, and what is looked up by what arrives.
final class ReplayProgram {
    /// What the client does next.
    struct Action {
        /// Its step, lowered.
        enum Work {
            case open
            case close
            case emit(EmitOperation)
            case send(Send)
            /// A binary message of a plain WebSocket.
            case sendBinary
            case acknowledge(AcknowledgeOperation, arrival: Int)
            case request(HTTPOperation)
            /// There is nothing that could be sent.
            case nothing
            case end
        }

        let script: ReplayScript.Action
        let work: Work
        let assignments: [Assignment]
        let pause: TimeAmount
        let wait: TimeAmount
        /// The arrival that answers it; nil: none does.
        var answer: Int?
        /// The server turned it down, in the recording, or nothing answered.
        var refusal: Refusal?

        enum Refusal {
            case answered, unanswered
        }
    }

    /// What the server does next.
    struct Arrival {
        let script: ReplayScript.Arrival
        let metrics: ReplayMetrics.Event
        let captures: [Capture]
        /// Later than this after its cause, in nanoseconds, it took longer than in the recording.
        let limit: Int64
        /// It came over a connection of its own, so that nothing was before or behind it by the server's will.
        let isResponse: Bool
        /// The actions that follow upon it.
        var follows: Range<Int>
        /// An action answers it.
        var isAcknowledged = false
    }

    let actions: [Action]
    let arrivals: [Arrival]
    /// The program of each connection.
    let links: [Program]
    private let eventCount: Int
    /// The arrivals of each event of each connection that has any, in order.
    let expected: [[Int]]
    /// Their places in `expected`, by `link * eventCount + event`.
    private let places: [Int: Int]
    /// The arrival that is the server's close, by connection.
    let closes: [Int?]
    /// What events are reported as, also those that the recording has on other connections only.
    let metrics: [ReplayMetrics.Event?]
    /// What the end of a connection is reported as that the recording does not have; nil where it has none at all.
    let closed: ReplayMetrics.Event?

    /// So much time is never over.
    private static let longest = Duration.seconds(10 * 366 * 86_400)

    /// Nil where the scenario is none to be replayed.
    convenience init?(of scenario: Scenario, _ programs: [Program], registeringIn table: inout MetricTable) {
        guard let script = scenario.replay else { return nil }
        self.init(script, scenario, programs, registeringIn: &table)
    }

    private init(
        _ script: ReplayScript,
        _ scenario: Scenario,
        _ programs: [Program],
        registeringIn table: inout MetricTable
    ) {
        let replay = table.replay(
            events: script.events.map { (name: $0.name, count: $0.count, recorded: $0.recorded) }
        )
        links = script.links.map { programs[$0.group] }
        eventCount = scenario.events.count
        let links = links
        let tolerance = min(script.tolerance, Self.longest)
        func code(_ step: Int?, _ link: Int) -> Instruction? {
            step.flatMap { links[link].code.indices.contains($0) ? links[link].code[$0] : nil }
        }
        var actions = script.actions.map { action in
            var assignments: [Assignment] = []
            if case .set(let operation)? = code(action.assignments, action.link) { assignments = operation.assignments }
            return Action(
                script: action,
                work: Self.work(of: action, code(action.step, action.link)),
                assignments: assignments,
                pause: TimeAmount(min(action.pause * (1 / script.speed), Self.longest)),
                wait: TimeAmount(min(action.wait, Self.longest))
            )
        }
        var arrivals = script.arrivals.map { arrival in
            var captures: [Capture] = []
            switch (arrival.kind, arrival.captures) {
            case (.event, let step?):
                if case .await(let operation)? = code(step, arrival.link) { captures = operation.wait.capture }
            case (.answer(let action), _):
                switch actions[action].work {
                case .emit(let operation): captures = operation.acknowledgement?.capture ?? []
                case .request(let operation): captures = operation.wait.capture
                default: break
                }
            default: break
            }
            var isResponse = false
            if case .answer(let action) = arrival.kind, case .request = actions[action].script.kind {
                isResponse = true
            }
            let limit = arrival.delay.map { TimeAmount(min($0, Self.longest) + tolerance).nanoseconds }
            return Arrival(
                script: arrival,
                metrics: replay.events[arrival.event],
                captures: captures,
                limit: limit ?? .max,
                isResponse: isResponse,
                follows: 0..<0
            )
        }
        var expected: [[Int]] = []
        var places: [Int: Int] = [:]
        var closed: ReplayMetrics.Event?
        var closes: [Int?] = Array(repeating: nil, count: links.count)
        var metrics: [ReplayMetrics.Event?] = Array(repeating: nil, count: eventCount)
        for (number, arrival) in arrivals.enumerated() {
            switch arrival.script.kind {
            case .event(let event):
                let key = arrival.script.link * eventCount + event
                let place = places[key] ?? expected.count
                if place == expected.count {
                    places[key] = place
                    expected.append([])
                }
                expected[place].append(number)
                metrics[event] = arrival.metrics
            case .answer(let action): actions[action].answer = number
            case .refusal(let action, let isAnswered):
                actions[action].answer = number
                actions[action].refusal = isAnswered ? .answered : .unanswered
            case .close:
                closes[arrival.script.link] = number
                closed = arrival.metrics
            }
        }
        for (number, action) in actions.enumerated() {
            if case .acknowledge(_, let arrival) = action.work { arrivals[arrival].isAcknowledged = true }
            guard let trigger = action.script.trigger else { continue }
            let follows = arrivals[trigger].follows
            arrivals[trigger].follows = follows.isEmpty ? number..<number + 1 : follows.lowerBound..<number + 1
        }
        self.actions = actions
        self.arrivals = arrivals
        self.expected = expected
        self.places = places
        self.closes = closes
        self.metrics = metrics
        self.closed = closed
    }

    /// The place in `expected` of an event of a connection; nil where the recording does not have it there.
    func place(of event: EventID, on link: Int) -> Int? {
        places[link * eventCount + event]
    }

    /// The place of an arrival's event; nil where it is none.
    func place(ofArrival arrival: Int) -> Int? {
        guard case .event(let event) = arrivals[arrival].script.kind else { return nil }
        return place(of: event, on: arrivals[arrival].script.link)
    }

    private static func work(of action: ReplayScript.Action, _ step: Instruction?) -> Action.Work {
        switch (action.kind, step) {
        case (.open, _): .open
        case (.close, _): .close
        case (.end, _): .end
        case (.message, .emit(let operation)?): .emit(operation)
        case (.message, .send(let operation)?): .send(operation.message)
        case (.message, nil) where !action.attachments.isEmpty: .sendBinary
        case (.acknowledge(let arrival), .acknowledge(let operation)?): .acknowledge(operation, arrival: arrival)
        case (.request, .http(let operation)?): .request(operation)
        default: .nothing
        }
    }
}
