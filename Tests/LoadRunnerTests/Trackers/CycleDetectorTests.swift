import Scenarios
import Testing

@testable import LoadRunner

@Suite("The cycle detector")
struct CycleDetectorTests {
    @Test(
        "A sequence of any period is found from its second full repeat on",
        arguments: 1...CycleDetector.maximumPeriod
    )
    func anyPeriod(period: Int) {
        var detector = CycleDetector()
        for plan in 0..<(5 * period) {
            detector.append(UInt64(plan % period))
            let repeats = (plan + 1) / period
            let expected = repeats > 1 ? CycleDetector.Cycle(period: period, repeats: repeats) : nil
            #expect(detector.longest == expected)
        }
    }

    @Test("A period beyond the maximum is not found")
    func beyondMaximum() {
        var detector = CycleDetector()
        for plan in 0..<1000 { detector.append(UInt64(plan % (CycleDetector.maximumPeriod + 1))) }
        #expect(detector.longest == nil)
    }

    @Test("A cycle counts whatever came before it, and ends with the first plan that does not fit")
    func begin() {
        var detector = CycleDetector()
        for plan in [9, 8, 7, 1, 2, 1, 2, 1, 2] { detector.append(UInt64(plan)) }
        #expect(detector.longest == CycleDetector.Cycle(period: 2, repeats: 3))
        detector.append(3)
        #expect(detector.longest == nil)
    }

    @Test("Without history, or with different plans only, there is no cycle")
    func none() {
        var detector = CycleDetector()
        #expect(detector.longest == nil)
        for plan in 0..<500 {
            detector.append(UInt64(plan))
            #expect(detector.longest == nil)
        }
    }

    @Test("After a reset only what came since counts")
    func reset() {
        var detector = CycleDetector()
        for _ in 0..<10 { detector.append(1) }
        detector.reset()
        #expect(detector.longest == nil)
        detector.append(1)
        #expect(detector.longest == nil)
        detector.append(1)
        #expect(detector.longest == CycleDetector.Cycle(period: 1, repeats: 2))
    }

    @Test("It agrees with a search through the whole history", arguments: 1...30)
    func searchModel(seed: Int) {
        var random = seededRandom(seed)
        var detector = CycleDetector()
        var history: [UInt64] = []
        while history.count < 300 {
            // Noise from a small alphabet, or some repeats of a sequence with a part of one more.
            let period = random.integer(from: 1, through: 12)
            let sequence = (0..<period).map { _ in UInt64(random.integer(from: 0, through: 2)) }
            let length = random.integer(from: 1, through: period * 5)
            for place in 0..<length {
                history.append(sequence[place % period])
                detector.append(sequence[place % period])
                #expect(detector.longest == Self.search(history))
            }
        }
    }

    /// The most full repeats that the history ends with; of several, the shortest sequence.
    private static func search(_ history: [UInt64]) -> CycleDetector.Cycle? {
        var best: CycleDetector.Cycle?
        for period in 1...CycleDetector.maximumPeriod where period <= history.count {
            let last = history.suffix(period)
            var rest = history.dropLast(period)
            var repeats = 1
            while rest.count >= period, rest.suffix(period).elementsEqual(last) {
                repeats += 1
                rest = rest.dropLast(period)
            }
            if repeats > best?.repeats ?? 1 { best = CycleDetector.Cycle(period: period, repeats: repeats) }
        }
        return best
    }
}
