import NIOCore
import Scenarios

/// Who starts and who leaves when: the load of a scenario as one worker's absolute schedule.
///
/// A pure function of the load, the worker's number and the number of workers: every time is computed from the start
/// of its phase, never from the time before it, so that nothing drifts. Slot `s` belongs to worker `s % workers`.
struct LoadSchedule: Sendable {
    /// Something that is due.
    enum Event: Hashable, Sendable {
        /// The phase with this place begins.
        case phase(Int)
        /// The slot gets its client (closed model), if it has none.
        case start(slot: Int)
        /// A new client (open model), in a slot of its own.
        case arrive(slot: Int, limit: Int?)
        /// The slot's client leaves after the step it is in, and nobody takes its place.
        case leave(slot: Int)
        /// The last phase is over.
        case end
    }

    private let phases: [Load.Phase]
    private let worker: Int
    private let workers: Int
    /// The offset of each phase's begin; one more for the end of the last.
    private let offsets: [TimeAmount]
    /// The first slot that is an arrival's.
    private let firstArrival: Int
    private var phase = -1
    /// The next slot of the phase's own sequence: upwards, downwards or the arrivals so far.
    private var cursor = 0
    /// How many arrivals the phases before had, over all workers.
    private var arrivalsBefore = 0
    /// How many clients the closed phases so far have left in their slots, over all workers.
    private var held = 0
    private var isOver = false
    private let seed: UInt64
    /// The arrivals of a phase that are drawn, where one is under way.
    private var drawn: PoissonArrivals?

    init(load: Load, worker: Int, of workers: Int, seed: UInt64 = 0) {
        self.seed = seed
        phases = load.phases
        self.worker = worker
        self.workers = workers
        var offset = TimeAmount.zero
        var offsets = [offset]
        for phase in load.phases {
            offset = offset + TimeAmount(phase.duration)
            offsets.append(offset)
        }
        self.offsets = offsets
        firstArrival = load.phases.reduce(0) { peak, phase in
            if case .clients(let from, let to) = phase.model { max(peak, from, to) } else { peak }
        }
    }

    /// The next event and its offset from the start of the run, or nil after the end.
    mutating func next() -> (event: Event, offset: TimeAmount)? {
        while true {
            guard !isOver else { return nil }
            if phase >= 0, let event = nextWithinPhase() { return event }
            if phase >= 0 {
                switch phases[phase].model {
                case .clients(_, let to): held = to
                case .arrivals(let from, let to, _):
                    arrivalsBefore += drawn?.count ?? Self.arrivals(from, to, phases[phase].duration)
                }
            }
            phase += 1
            guard phase < phases.count else {
                isOver = true
                return (.end, offsets[phases.count])
            }
            cursor = 0
            drawn = poisson(phase)
            return (.phase(phase), offsets[phase])
        }
    }

    private mutating func nextWithinPhase() -> (event: Event, offset: TimeAmount)? {
        let duration = TimeAmount(phases[phase].duration)
        let begin = offsets[phase]
        switch phases[phase].model {
        case .clients(let from, let to):
            return nextClosed(from: from, to: to, begin: begin, duration: duration)
        case .arrivals(let from, let to, let limit):
            if drawn != nil { return nextDrawn(from: from, to: to, limit: limit, begin: begin) }
            let count = Self.arrivals(from, to, phases[phase].duration)
            // The worker's arrivals are those whose slot is its own.
            let shift = (firstArrival + arrivalsBefore) % workers
            let index = (worker - shift + workers) % workers + cursor * workers
            guard index < count else { return nil }
            cursor += 1
            let time = Self.arrivalTime(Double(index), from, to, phases[phase].duration)
            return (.arrive(slot: firstArrival + arrivalsBefore + index, limit: limit), begin + time)
        }
    }

    private func poisson(_ phase: Int) -> PoissonArrivals? {
        guard case .arrivals(let from, let to, _) = phases[phase].model, phases[phase].spacing == .poisson else {
            return nil
        }
        let seconds = Double(TimeAmount(phases[phase].duration).nanoseconds) / 1e9
        return PoissonArrivals(total: (from + to) / 2 * seconds, seed: seed, phase: phase)
    }

    /// The next drawn arrival whose slot is the worker's own.
    private mutating func nextDrawn(
        from: Double,
        to: Double,
        limit: Int?,
        begin: TimeAmount
    ) -> (event: Event, offset: TimeAmount)? {
        while let (index, integral) = drawn?.next() {
            let slot = firstArrival + arrivalsBefore + index
            guard slot % workers == worker else { continue }
            let time = Self.arrivalTime(integral, from, to, phases[phase].duration)
            return (.arrive(slot: slot, limit: limit), begin + time)
        }
        return nil
    }

    /// What arrivals left above `from` leaves at once, and slots below it that stand empty are filled; then the ramp.
    private mutating func nextClosed(
        from: Int,
        to: Int,
        begin: TimeAmount,
        duration: TimeAmount
    ) -> (event: Event, offset: TimeAmount)? {
        let heldHere = Self.owned(below: held, worker, workers)
        let surplusHere = max(0, heldHere - Self.owned(below: from, worker, workers))
        let keptHere = Self.owned(below: min(from, to), worker, workers)
        let rampHere = Self.owned(below: max(from, to), worker, workers) - keptHere
        guard cursor < surplusHere + keptHere + rampHere else { return nil }
        defer { cursor += 1 }
        if cursor < surplusHere {
            return (.leave(slot: worker + (heldHere - 1 - cursor) * workers), begin)
        }
        if cursor < surplusHere + keptHere {
            return (.start(slot: worker + (cursor - surplusHere) * workers), begin)
        }
        let step = cursor - surplusHere - keptHere
        if to > from {
            let slot = worker + (keptHere + step) * workers
            return (.start(slot: slot), begin + duration.scaled(slot - from, of: to - from))
        }
        let slot = worker + (keptHere + rampHere - 1 - step) * workers
        return (.leave(slot: slot), begin + duration.scaled(from - slot, of: from - to))
    }

    /// How many slots below a number are a worker's.
    private static func owned(below count: Int, _ worker: Int, _ workers: Int) -> Int {
        count > worker ? (count - worker - 1) / workers + 1 : 0
    }

    /// How many clients arrive in a phase: the integral of the rate, the one at its very end left out.
    private static func arrivals(_ from: Double, _ to: Double, _ duration: Duration) -> Int {
        let seconds = Double(TimeAmount(duration).nanoseconds) / 1e9
        let total = (from + to) / 2 * seconds
        return Int((total - 1e-9).rounded(.up))
    }

    /// When the integral of the rate reaches a number: there the arrival with this number comes.
    private static func arrivalTime(_ number: Double, _ from: Double, _ to: Double, _ duration: Duration) -> TimeAmount
    {
        let seconds = Double(TimeAmount(duration).nanoseconds) / 1e9
        let slope = (to - from) / seconds
        guard number > 0 else { return .zero }
        let root = max(0, from * from + 2 * slope * number).squareRoot()
        return .nanoseconds(Int64((2 * number / (from + root) * 1e9).rounded()))
    }
}

extension TimeAmount {
    /// This amount times a fraction, without overflow on the way.
    func scaled(_ numerator: Int, of denominator: Int) -> TimeAmount {
        let product = nanoseconds.multipliedFullWidth(by: Int64(numerator))
        return .nanoseconds(Int64(denominator).dividingFullWidth(product).quotient)
    }
}
