import Foundation
import NIOCore
import Testing

@testable import LoadRunner

@Suite("What waits to be pushed")
struct ExportQueueTests {
    private var now = NIODeadline.uptimeNanoseconds(1_000_000_000)

    /// What is to be sent now; nil: nothing.
    private func sent(_ queue: inout ExportQueue<Int>, at now: NIODeadline) -> Int? {
        if case .send(let push) = queue.step(at: now) { push } else { nil }
    }

    private func wait(_ queue: inout ExportQueue<Int>, at now: NIODeadline) -> TimeAmount? {
        if case .wait(let time) = queue.step(at: now) { time - now } else { nil }
    }

    @Test("One is under way, one waits, and a newer one takes its place")
    func bounds() {
        var queue = ExportQueue<Int>()
        #expect(queue.isEmpty)
        #expect(sent(&queue, at: now) == nil)
        queue.put(1)
        #expect(sent(&queue, at: now) == 1)
        queue.put(2)
        queue.put(3)
        #expect(sent(&queue, at: now) == nil)
        queue.settled()
        #expect(sent(&queue, at: now) == 3)
        #expect(!queue.isEmpty)
        queue.settled()
        #expect(queue.isEmpty)
    }

    @Test("What failed is tried again after pauses that double up to half a minute")
    func pauses() {
        var queue = ExportQueue<Int>()
        var now = now
        queue.put(1)
        for pause in [1, 2, 4, 8, 16, 30, 30] as [Int64] {
            #expect(sent(&queue, at: now) == 1)
            queue.failed(at: now)
            #expect(wait(&queue, at: now) == .seconds(pause))
            now = now + .seconds(pause)
        }
        #expect(sent(&queue, at: now) == 1)
        queue.settled()
        queue.put(2)
        #expect(sent(&queue, at: now) == 2)
        queue.failed(at: now)
        #expect(wait(&queue, at: now) == .seconds(1))
    }

    @Test("The newest figures go in the place of those that failed, after the same pause")
    func newest() {
        var queue = ExportQueue<Int>()
        queue.put(1)
        #expect(sent(&queue, at: now) == 1)
        queue.put(2)
        queue.failed(at: now)
        #expect(wait(&queue, at: now) == .seconds(1))
        queue.put(3)
        #expect(wait(&queue, at: now) == .seconds(1))
        #expect(sent(&queue, at: now + .seconds(1)) == 3)
    }

    @Test("A collector that says when to come back is taken at its word")
    func word() {
        var queue = ExportQueue<Int>()
        queue.put(1)
        #expect(sent(&queue, at: now) == 1)
        queue.failed(at: now, retryAfter: .seconds(7))
        #expect(wait(&queue, at: now) == .seconds(7))
        #expect(sent(&queue, at: now + .seconds(7)) == 1)
        queue.failed(at: now, retryAfter: .zero)
        #expect(sent(&queue, at: now) == 1)
    }

    @Test(
        "Retry-After has seconds or a date",
        arguments: [
            ("0", 0), ("12", 12), (" 12 ", 12), ("99999999999999999999", 600), ("86400", 600),
            ("Sat, 01 Jan 2000 00:00:30 GMT", 30), ("Fri, 31 Dec 1999 23:59:00 GMT", 0),
            ("Sat, 01 Jan 2050 00:00:00 GMT", 600),
            ("soon", nil), ("", nil), ("-1", nil), ("1.5", nil),
        ] as [(String, Int64?)]
    )
    func retryAfter(_ text: String, _ seconds: Int64?) throws {
        let newYear = Date(timeIntervalSince1970: 946_684_800)
        #expect(RetryAfter.delay(text, now: newYear) == seconds.map { .seconds($0) })
    }
}
