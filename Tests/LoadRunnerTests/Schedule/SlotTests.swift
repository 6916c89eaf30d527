import NIOCore
import Testing

@testable import LoadRunner

@Suite("A slot")
struct SlotTests {
    @Test("stands empty for longer after each failed connect, up to 10 s, and not after a client that connected")
    func backOff() {
        var slot = Slot()
        var delays: [TimeAmount] = []
        for generation in 0..<6 {
            #expect(slot.begin(seat: 0) == generation)
            delays.append(slot.end(failedToConnect: true))
        }
        #expect(delays == [1, 2, 4, 8, 10, 10].map { .seconds($0) })
        #expect(slot.begin(seat: 3) == 6)
        #expect(slot.end(failedToConnect: false) == .zero)
        #expect(slot.begin(seat: 1) == 7)
        #expect(slot.end(failedToConnect: true) == .seconds(1))
    }

    @Test("is free when it has neither a client nor the time of the next")
    func free() {
        var slot = Slot()
        #expect(slot.isFree)
        _ = slot.begin(seat: 0)
        #expect(!slot.isFree)
        _ = slot.end(failedToConnect: true)
        slot.isRestarting = true
        #expect(!slot.isFree)
    }
}
