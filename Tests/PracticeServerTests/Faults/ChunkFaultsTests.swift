import Testing

@testable import PracticeServer

@Suite struct ChunkFaultsTests {
    @Test("Exactly one in n is picked", arguments: [1, 2, 7, 100])
    func everyNth(period: Int) {
        var picker = EveryNth(period)
        let picked = (1...1000).filter { _ in picker.pick() }
        #expect(picked == Array(stride(from: period, through: 1000, by: period)))
    }

    @Test("Without a period nothing is picked")
    func never() {
        var picker = EveryNth(nil)
        #expect((1...100).allSatisfy { _ in !picker.pick() })
    }

    @Test("A pick that falls on something unfit waits, and the ones after it keep their places")
    func unfit() {
        var picker = EveryNth(3)
        let picked = (1...12).filter { picker.pick(fit: $0 != 3 && $0 != 4) }
        #expect(picked == [5, 6, 9, 12])
    }

    @Test("A share is kept exactly and spread evenly", arguments: [(0.1, 100), (0.0, 0), (1.0, 1000), (0.333, 333)])
    func share(fraction: Double, expected: Int) {
        var share = Share(fraction)
        #expect((1...1000).filter { _ in share.pick() }.count == expected)
    }

    @Test("A chunk suffers one fault at most, and a last one is neither withheld nor overtaken")
    func verdicts() {
        var faults = ChunkFaults(FaultPlan([.dropChunk(every: 1), .duplicateChunk(every: 1)]))
        for _ in 0..<50 {
            #expect(faults.verdict(isLast: false) == .withhold)
            #expect(faults.verdict(isLast: true) == .sendTwice)
        }
    }

    @Test("An answer with a single chunk is not truncated; the next one is in its place")
    func truncation() {
        var faults = ChunkFaults(FaultPlan([.truncate(every: 2)]))
        let truncated = [5, 1, 5, 5, 5, 5].map { faults.truncates(chunks: $0) }
        #expect(truncated == [false, false, true, true, false, true])
    }
}
