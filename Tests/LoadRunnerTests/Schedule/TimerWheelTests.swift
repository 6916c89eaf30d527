import NIOCore
import Scenarios
import Testing

@testable import LoadRunner

@Suite("The timer wheel")
struct TimerWheelTests {
    private static let tick = TimerWheel.tick.nanoseconds

    @Test(
        "A deadline fires on its tick rounded up, and not a nanosecond before",
        arguments: [
            (1, 1), (tick - 1, 1), (tick, 1), (tick + 1, 2), (2 * tick, 2), (7 * tick / 2, 4), (4095 * tick, 4095),
            (4096 * tick, 4096), (4096 * tick + 1, 4097), (20_000 * tick - 1, 20_000),
        ] as [(Int64, Int64)]
    )
    func roundsUp(nanoseconds: Int64, expected: Int64) {
        var wheel = TimerWheel(origin: instant(.zero))
        wheel.reserve(nodes: 1)
        wheel.set(0, at: instant(.nanoseconds(nanoseconds)))
        #expect(wheel.rounded(instant(.nanoseconds(nanoseconds))) == instant(TimerWheel.tick * Int(expected)))
        for number in 0..<expected {
            #expect(fired(&wheel, upTo: instant(TimerWheel.tick * Int(number))).isEmpty)
        }
        #expect(fired(&wheel, upTo: instant(TimerWheel.tick * Int(expected) - .nanoseconds(1))).isEmpty)
        #expect(wheel.deadline(of: 0) == instant(TimerWheel.tick * Int(expected)))
        #expect(fired(&wheel, upTo: instant(TimerWheel.tick * Int(expected))) == [0])
        #expect(wheel.deadline(of: 0) == nil)
        #expect(fired(&wheel, upTo: instant(TimerWheel.tick * Int(expected + 10_000))).isEmpty)
    }

    @Test("A deadline that is past, or on the tick that just fired, fires with the next tick")
    func past() {
        var wheel = TimerWheel(origin: instant(.zero))
        wheel.reserve(nodes: 3)
        #expect(fired(&wheel, upTo: instant(.milliseconds(100))).isEmpty)
        wheel.set(0, at: instant(.milliseconds(100)))
        wheel.set(1, at: instant(.milliseconds(3)))
        wheel.set(2, at: instant(.milliseconds(-5000)))
        #expect(fired(&wheel, upTo: instant(.milliseconds(100))).isEmpty)
        #expect(Set(fired(&wheel, upTo: instant(.milliseconds(101)))) == [0, 1, 2])
    }

    @Test("A cancelled deadline does not fire; cancelling twice or without one does nothing")
    func cancels() {
        var wheel = TimerWheel(origin: instant(.zero))
        wheel.reserve(nodes: 4)
        for node in 0..<3 { wheel.set(node, at: instant(.milliseconds(5))) }
        wheel.cancel(1)
        wheel.cancel(1)
        wheel.cancel(3)
        #expect(wheel.deadline(of: 1) == nil)
        #expect(Set(fired(&wheel, upTo: instant(.milliseconds(5)))) == [0, 2])
    }

    @Test("A deadline that is set anew counts from then on, earlier or later")
    func setsAnew() {
        var wheel = TimerWheel(origin: instant(.zero))
        wheel.reserve(nodes: 2)
        wheel.set(0, at: instant(.milliseconds(5)))
        wheel.set(0, at: instant(.milliseconds(9)))
        wheel.set(1, at: instant(.milliseconds(9)))
        wheel.set(1, at: instant(.milliseconds(5)))
        #expect(fired(&wheel, upTo: instant(.milliseconds(8))) == [1])
        #expect(fired(&wheel, upTo: instant(.milliseconds(9))) == [0])
    }

    @Test("While others fire, a due deadline can be cancelled or set anew, and its owner is not called for the old one")
    func changesWithinFiring() {
        var wheel = TimerWheel(origin: instant(.zero))
        wheel.reserve(nodes: 4)
        for node in 0..<4 { wheel.set(node, at: instant(.milliseconds(5))) }
        let count = wheel.collectDue(upTo: instant(.milliseconds(5)))
        #expect(count == 4)
        var taken: [Int] = []
        for place in 0..<count {
            guard let node = wheel.takeDue(place) else { continue }
            taken.append(node)
            guard taken.count == 1 else { continue }
            let others = (0..<4).filter { $0 != node }
            wheel.cancel(others[0])
            wheel.set(others[1], at: instant(.milliseconds(5)))
            wheel.cancel(others[2])
            wheel.set(others[2], at: instant(.milliseconds(7)))
            // Also the one that fires now may begin again.
            wheel.set(node, at: instant(.milliseconds(8)))
            #expect(wheel.deadline(of: others[0]) == nil)
        }
        #expect(taken.count == 1)
        let others = (0..<4).filter { $0 != taken[0] }
        #expect(fired(&wheel, upTo: instant(.milliseconds(6))) == [others[1]])
        #expect(fired(&wheel, upTo: instant(.milliseconds(7))) == [others[2]])
        #expect(fired(&wheel, upTo: instant(.milliseconds(8))) == [taken[0]])
    }

    @Test("After a stall of many turns everything due fires once, and what is later waits on")
    func stall() {
        var wheel = TimerWheel(origin: instant(.zero))
        wheel.reserve(nodes: 1000)
        for node in 0..<1000 { wheel.set(node, at: instant(.milliseconds(Int64(node) * 50 + 1))) }
        #expect(Set(fired(&wheel, upTo: instant(.milliseconds(40_000)))) == Set(0..<800))
        #expect(fired(&wheel, upTo: instant(.milliseconds(40_001))) == [800])
        #expect(Set(fired(&wheel, upTo: instant(.hours(30)))) == Set(801..<1000))
    }

    @Test("Room for more nodes keeps the deadlines that are set")
    func reserves() {
        var wheel = TimerWheel(origin: instant(.zero))
        wheel.reserve(nodes: 1)
        wheel.set(0, at: instant(.milliseconds(3)))
        wheel.reserve(nodes: 100)
        wheel.reserve(nodes: 2)
        wheel.set(99, at: instant(.milliseconds(3)))
        #expect(Set(fired(&wheel, upTo: instant(.milliseconds(3)))) == [0, 99])
    }

    @Test("Many nodes do what a dictionary of deadlines does", arguments: 1...8)
    func naiveModel(seed: Int) {
        var random = seededRandom(seed)
        let nodes = 200
        var wheel = TimerWheel(origin: instant(.zero))
        wheel.reserve(nodes: nodes)
        var model: [Int: Int64] = [:]
        var now: Int64 = 0
        for _ in 0..<4000 {
            let node = random.integer(from: 0, through: nodes - 1)
            switch random.integer(from: 0, through: 9) {
            case 0...5:
                let reach = [5, 200, 5000, 30_000][random.integer(from: 0, through: 3)]
                let time =
                    now + Int64(random.integer(from: -2, through: reach)) * Self.tick
                    + Int64(random.integer(from: 0, through: 1))
                wheel.set(node, at: instant(.nanoseconds(time)))
                // On the grid, rounded up, and later than the last tick.
                let tick = Int64((Double(time) / Double(Self.tick)).rounded(.up))
                model[node] = max(tick, now / Self.tick + 1)
            case 6:
                wheel.cancel(node)
                model[node] = nil
            default:
                let steps = [1, 1, 3, 50, 1000, 10_000][random.integer(from: 0, through: 5)]
                now += Int64(random.integer(from: 0, through: steps)) * Self.tick
                let expected = model.filter { $0.value <= now / Self.tick }.keys.sorted()
                #expect(fired(&wheel, upTo: instant(.nanoseconds(now))).sorted() == expected)
                for node in expected { model[node] = nil }
            }
            let deadline = model[node].map { instant(.nanoseconds($0 * Self.tick)) }
            #expect(wheel.deadline(of: node) == deadline)
        }
    }

    private func fired(_ wheel: inout TimerWheel, upTo now: NIODeadline) -> [Int] {
        let count = wheel.collectDue(upTo: now)
        return (0..<count).compactMap { wheel.takeDue($0) }
    }
}
