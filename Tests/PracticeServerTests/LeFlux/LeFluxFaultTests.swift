import NIOCore
import Testing
import Wire

@testable import PracticeServer

@Suite struct LeFluxFaultTests {
    /// Forty visitors with three questions each.
    private func run(_ faults: [Fault], seed: UInt64 = 7) throws -> (driver: LeFluxDriver, seen: StreamCount) {
        var driver = LeFluxDriver(seed: seed, faults)
        var seen = StreamCount()
        for visitor in 0..<40 {
            let session = "visitor-\(visitor)"
            let socket = try driver.join(session)
            for _ in 0..<3 { try driver.ask(session, socket) }
            let count = StreamCount(driver.events(socket))
            seen.missing += count.missing
            seen.duplicated += count.duplicated
            seen.reordered += count.reordered
            seen.truncated += count.truncated
            seen.mismatched += count.mismatched
        }
        return (driver, seen)
    }

    @Test("Without faults nothing is wrong with any stream")
    func none() throws {
        let (driver, seen) = try run([])
        #expect(seen == StreamCount())
        #expect(driver.truth.streams.completed == 120)
        #expect(driver.log.isEmpty)
    }

    @Test("Withheld chunks are missing, exactly as many as the truth says", arguments: [1, 2, 7])
    func dropped(period: Int) throws {
        let (driver, seen) = try run([.dropChunk(every: period)])
        let truth = driver.truth
        var expected = StreamCount()
        expected.missing = truth.chunks.withheld
        #expect(seen == expected)
        #expect(truth.chunks.withheld > 0)
        // One in n of all, but for a pick that fell on a last chunk and still waits for another; only where every
        // chunk is picked do the last ones stay due for ever.
        let due = (truth.chunks.sent + truth.chunks.withheld) / period
        if period > 1 { #expect((due - 1...due).contains(truth.chunks.withheld)) }
        #expect(driver.log.filter { $0.kind == .withheldChunk }.count == truth.chunks.withheld)
    }

    @Test("Duplicated chunks are seen twice, exactly as many as the truth says", arguments: [1, 3, 7])
    func duplicated(period: Int) throws {
        let (driver, seen) = try run([.duplicateChunk(every: period)])
        var expected = StreamCount()
        expected.duplicated = driver.truth.chunks.duplicated
        #expect(seen == expected)
        #expect(driver.truth.chunks.duplicated == (driver.truth.chunks.sent - seen.duplicated) / period)
    }

    @Test("Overtaken chunks are seen after a higher index, exactly as many as the truth says", arguments: [1, 4, 7])
    func reordered(period: Int) throws {
        let (driver, seen) = try run([.reorderChunks(every: period)])
        var expected = StreamCount()
        expected.reordered = driver.truth.chunks.reordered
        #expect(seen == expected)
        #expect(seen.reordered > 20)
    }

    @Test("Truncated streams stop halfway without a gap, exactly as many as the truth says", arguments: [1, 7])
    func truncated(period: Int) throws {
        let (driver, seen) = try run([.truncate(every: period)])
        var expected = StreamCount()
        expected.truncated = driver.truth.streams.truncated
        #expect(seen == expected)
        #expect(driver.truth.streams.truncated == 120 / period)
        #expect(driver.truth.streams.completed == 120)
    }

    @Test("Faults of all kinds at once each keep their own count", arguments: [1, 2, 3] as [UInt64])
    func combined(seed: UInt64) throws {
        let faults: [Fault] = [
            .dropChunk(every: 11), .duplicateChunk(every: 5), .reorderChunks(every: 4), .truncate(every: 9),
        ]
        let (driver, seen) = try run(faults, seed: seed)
        let truth = driver.truth
        #expect(seen.missing == truth.chunks.withheld)
        #expect(seen.duplicated == truth.chunks.duplicated)
        #expect(seen.reordered == truth.chunks.reordered)
        #expect(seen.truncated == truth.streams.truncated)
        #expect(seen.mismatched == 0)
        #expect(min(seen.missing, seen.duplicated, seen.reordered, seen.truncated) > 0)
    }

    @Test("Every answer has as many chunks as the fault says", arguments: [1, 2, 40])
    func chunkCount(count: Int) throws {
        let (driver, seen) = try run([.chunks(count)])
        #expect(seen == StreamCount())
        #expect(driver.truth.chunks.sent == 120 * count)
    }

    @Test("With one chunk per answer, none can be withheld, overtaken or truncated")
    func singleChunks() throws {
        let (driver, seen) = try run([.chunks(1), .dropChunk(every: 1), .reorderChunks(every: 1), .truncate(every: 1)])
        #expect(seen == StreamCount())
        #expect(driver.truth.chunks.sent == 120)
    }

    @Test("A withheld chunk stays withheld when a client comes back")
    func replayAfterDrop() throws {
        var driver = LeFluxDriver([.chunks(20), .dropChunk(every: 5)])
        let first = try driver.join("s1")
        driver.chat("s1")
        driver.pass(.milliseconds(100))
        driver.disconnect(first)
        let second = try driver.join("s1")
        driver.pass(.seconds(5))
        #expect(StreamCount(driver.events(second)).missing == driver.truth.chunks.withheld)
    }

    @Test("A listed fault says when, in which session and stream, and at which index")
    func log() throws {
        var driver = LeFluxDriver([.dropChunk(every: 3), .chunks(4)])
        let socket = try driver.join("s1")
        driver.chat("s1")
        driver.pass(.seconds(1))
        let stream = try #require(driver.events(socket, "message_done")[0]["streamId"]?.text)
        // The first chunk comes 5 ms after the question, the third 20 ms later.
        #expect(
            driver.log == [
                InjectedFault(.withheldChunk, at: 1_700_000_000_025, session: "s1", stream: stream, index: 2)
            ]
        )
    }

    @Test("The list of faults is bounded and says how many it left out")
    func boundedLog() {
        var log = FaultLog(limit: 3)
        for index in 0..<5 { log.note(InjectedFault(.withheldChunk, at: 0, index: index)) }
        #expect(log.faults.map(\.index) == [0, 1, 2])
        #expect(log.notListed == 2)
    }
}
