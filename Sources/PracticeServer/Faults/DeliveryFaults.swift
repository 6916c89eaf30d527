import NIOCore

/// Which delivery of a broadcast suffers what, counted over the whole server.
///
/// A delivery is one message to one member. It suffers one fault at most, so that each shows in a report as itself. A
/// dialect hands all deliveries of its broadcasts to `deliver`, lets `release` do what is due, and calls `forget` where
/// a member left.
struct DeliveryFaults {
    /// A message to one member.
    struct Delivery {
        var member: SocketID
        /// The place in `Dialect.sentEvents`.
        var event: Int
        var message: ByteBuffer
        /// What its order is checked within: a delivery changes places only with the next of the same to the same
        /// member. A sender's number where the order is the sender's, a device's where it is the device's.
        var order = 0
    }

    private struct Line: Hashable {
        var member: SocketID
        var order: Int
    }

    /// How long a delivery waits for another to change places with; it is sent by itself then, and not counted.
    static let patience = TimeAmount.seconds(2)

    private let clock: WallClock
    private var lose: EveryNth
    private var double: EveryNth
    private var swap: EveryNth
    /// What waits to be overtaken; at most one of a line.
    private var overtaken: [Line: (delivery: Delivery, number: Int)] = [:]
    private var timers = DeadlineHeap<(line: Line, number: Int)>()
    private var held = 0
    private(set) var counts = Truth.Deliveries()

    init(_ faults: FaultPlan, clock: WallClock) {
        self.clock = clock
        lose = EveryNth(faults.loseDelivery)
        double = EveryNth(faults.doubleDelivery)
        swap = EveryNth(faults.swapDelivery)
    }

    /// When `release` has something to do next.
    var nextDeadline: NIODeadline? { timers.next }

    /// Sends a message to one member, or does to it what a fault says.
    mutating func deliver(_ delivery: Delivery, at now: NIODeadline, output: inout DialectOutput) {
        counts.expected += 1
        let line = Line(member: delivery.member, order: delivery.order)
        if let earlier = overtaken.removeValue(forKey: line)?.delivery {
            pass()
            output.send(delivery)
            output.send(earlier)
            counts.swapped += 1
            return note(.swappedDelivery, at: now, output: &output)
        }
        if swap.pick() {
            _ = lose.pick(fit: false)
            _ = double.pick(fit: false)
            held += 1
            overtaken[line] = (delivery, held)
            timers.push((line, held), at: now + Self.patience)
        } else if lose.pick() {
            _ = double.pick(fit: false)
            counts.withheld += 1
            note(.withheldDelivery, at: now, output: &output)
        } else {
            output.send(delivery)
            guard double.pick() else { return }
            output.send(delivery)
            counts.doubled += 1
            note(.doubledDelivery, at: now, output: &output)
        }
    }

    /// Sends what waited in vain for another delivery to overtake it.
    mutating func release(at now: NIODeadline, output: inout DialectOutput) {
        while let ((line, number), _) = timers.popDue(at: now) {
            guard let (delivery, held) = overtaken[line], held == number else { continue }
            overtaken[line] = nil
            output.send(delivery)
        }
    }

    /// Drops what waits for a member who left.
    mutating func forget(_ member: SocketID) {
        guard !overtaken.isEmpty else { return }
        overtaken = overtaken.filter { $0.key.member != member }
    }

    /// Counts a delivery that none of the faults may touch.
    private mutating func pass() {
        _ = swap.pick(fit: false)
        _ = lose.pick(fit: false)
        _ = double.pick(fit: false)
    }

    private func note(_ kind: InjectedFault.Kind, at now: NIODeadline, output: inout DialectOutput) {
        output.log.note(InjectedFault(kind, at: clock.milliseconds(at: now)))
    }
}

extension DialectOutput {
    mutating func send(_ delivery: DeliveryFaults.Delivery) {
        actions.append(.send(delivery.member, event: delivery.event, message: delivery.message))
    }
}
