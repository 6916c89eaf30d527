import Scenarios
import Testing

@testable import LoadRunner

@Suite("The bitmap of indices")
struct IndexBitmapTests {
    @Test("An empty bitmap misses nothing")
    func empty() {
        let bitmap = IndexBitmap()
        #expect(bitmap.highest == -1)
        #expect(bitmap.count == 0)
        #expect(bitmap.missing == 0)
    }

    @Test("It tells new indices from repeats as a set does", arguments: [10, 63, 64, 65, 128, 1000, 100_000])
    func setModel(bound: Int) {
        var random = seededRandom(bound)
        var bitmap = IndexBitmap()
        var model: Set<Int> = []
        for _ in 0..<2000 {
            let index = random.integer(from: 0, through: bound)
            #expect(bitmap.insert(index) == model.insert(index).inserted)
            let highest = model.max() ?? -1
            #expect(bitmap.highest == highest)
            #expect(bitmap.count == model.count)
            #expect(bitmap.missing == highest + 1 - model.count)
        }
    }

    @Test("Both sides of each word's border are places of their own")
    func borders() {
        let borders = [0, 1, 63, 64, 65, 127, 128, 129, 191, 192, StreamTracker.maximumIndex - 1]
        var bitmap = IndexBitmap()
        for index in borders { #expect(bitmap.insert(index) == true) }
        for index in borders { #expect(bitmap.insert(index) == false) }
        #expect(bitmap.missing == StreamTracker.maximumIndex - borders.count)
    }
}
