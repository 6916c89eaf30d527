import NIOCore
import Testing

@testable import PracticeServer

@Suite struct DeadlineHeapTests {
    @Test("Elements come out by deadline, and in the order in which they went in where that is the same")
    func order() {
        var heap = DeadlineHeap<Int>()
        var random = SplitMix64(seed: 11)
        var expected: [(due: Int, element: Int)] = []
        for element in 0..<2000 {
            let due = random.below(50)
            heap.push(element, at: .uptimeNanoseconds(UInt64(due)))
            expected.append((due, element))
        }
        expected.sort { ($0.due, $0.element) < ($1.due, $1.element) }
        var popped: [Int] = []
        while let (element, _) = heap.popDue(at: .uptimeNanoseconds(49)) { popped.append(element) }
        #expect(popped == expected.map(\.element))
        #expect(heap.next == nil)
    }

    @Test("Nothing comes out before it is due")
    func early() {
        var heap = DeadlineHeap<String>()
        heap.push("late", at: .uptimeNanoseconds(20))
        heap.push("soon", at: .uptimeNanoseconds(10))
        #expect(heap.next == .uptimeNanoseconds(10))
        #expect(heap.popDue(at: .uptimeNanoseconds(9)) == nil)
        #expect(heap.popDue(at: .uptimeNanoseconds(10))?.element == "soon")
        #expect(heap.popDue(at: .uptimeNanoseconds(10)) == nil)
        #expect(heap.count == 1)
    }
}
