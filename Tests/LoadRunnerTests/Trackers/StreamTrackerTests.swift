import NIOCore
import Testing

@testable import LoadRunner

@Suite("The tracker of a stream")
struct StreamTrackerTests {
    typealias Flaw = StreamTracker.Flaw

    // MARK: Reconnects

    @Test("What came before the connection fell may come once more; the pause is no stall")
    func interrupted() {
        var stream = Stream(stall: .seconds(5))
        for index in 0..<3 { stream.chunk(index, "<\(index)>") }
        stream.tracker.interrupt()
        stream.chunk(1, "<1>", after: .seconds(9))
        stream.chunk(2, "<2>")
        stream.chunk(3, "<3>")
        #expect(stream.finish("<0><1><2><3>") == outcome(chunks: 4, replayed: 2))
    }

    @Test("A chunk that comes twice after the reconnect is a duplicate, and one that never comes is missing")
    func interruptedAndBroken() {
        var stream = Stream()
        for index in 0..<3 { stream.chunk(index, "x") }
        stream.tracker.interrupt()
        for index in [4, 4, 5] { stream.chunk(index, "x") }
        #expect(stream.finish(nil) == outcome(chunks: 5, missing: 1, duplicated: 1, flaw: .missing))
    }

    // MARK: One flaw each

    @Test("A stream that comes in order, whole and in time is complete")
    func complete() {
        var stream = Stream(stall: .seconds(5))
        for index in 0..<3 { stream.chunk(index, "<\(index)>") }
        #expect(stream.finish("<0><1><2>") == outcome(chunks: 3))
    }

    @Test("A stream without indices, texts or a whole text is complete at its end")
    func bare() {
        var stream = Stream(joinsText: false)
        for _ in 0..<4 { stream.chunk(nil, nil) }
        #expect(stream.finish(nil) == outcome(chunks: 4))
    }

    @Test("Without indices the texts are joined as they come")
    func withoutIndices() {
        for (final, flaw) in [("abc", nil), ("abcd", Flaw.truncated), ("acb", .mismatched)] as [(String, Flaw?)] {
            var stream = Stream()
            for text in ["a", "b", "c"] { stream.chunk(nil, text) }
            #expect(stream.finish(final) == outcome(chunks: 3, flaw: flaw))
        }
    }

    @Test("A stream whose end does not come is timed out, and its chunks are counted all the same")
    func timedOut() {
        var stream = Stream()
        for index in [0, 1, 1, 4, 2] { stream.chunk(index, "x") }
        #expect(
            stream.tracker.timeOut() == outcome(chunks: 4, missing: 1, duplicated: 1, reordered: 1, flaw: .timedOut)
        )
        #expect(StreamTracker(stall: nil, joinsText: true).timeOut() == outcome(chunks: 0, flaw: .timedOut))
    }

    @Test("A gap in the indices is missing, one chunk for each")
    func missing() {
        var stream = Stream()
        for index in [0, 3, 4, 7] { stream.chunk(index, nil) }
        #expect(stream.finish(nil) == outcome(chunks: 4, missing: 4, flaw: .missing))
    }

    @Test("The first chunk can be the missing one")
    func firstMissing() {
        var stream = Stream()
        stream.chunk(1, "b")
        #expect(stream.finish("ab") == outcome(chunks: 1, missing: 1, flaw: .missing))
    }

    @Test("A text that is only the start of the whole one is truncated, also where no chunk came")
    func truncated() {
        var stream = Stream()
        stream.chunk(0, "ab")
        #expect(stream.finish("abc") == outcome(chunks: 1, flaw: .truncated))
        var empty = Stream()
        #expect(empty.finish("abc") == outcome(chunks: 0, flaw: .truncated))
        var nothing = Stream()
        #expect(nothing.finish("") == outcome(chunks: 0))
    }

    @Test("Any other difference of the text is a mismatch", arguments: ["ax", "Ab", "a", "", "xab"])
    func mismatched(final: String) {
        var stream = Stream()
        stream.chunk(0, "a")
        stream.chunk(1, "b")
        #expect(stream.finish(final) == outcome(chunks: 2, flaw: .mismatched))
    }

    @Test("A chunk that comes again is duplicated, each time, and its text counts once")
    func duplicated() {
        var stream = Stream()
        for (index, text) in [(0, "a"), (0, "a"), (1, "b"), (0, "other"), (1, "b")] { stream.chunk(index, text) }
        #expect(stream.finish("ab") == outcome(chunks: 2, duplicated: 3, flaw: .duplicated))
    }

    @Test("A chunk that comes after a later one is reordered, and the text is joined by index")
    func reordered() {
        var stream = Stream()
        for (index, text) in [(2, "c"), (0, "a"), (1, "b"), (3, "d")] { stream.chunk(index, text) }
        #expect(stream.finish("abcd") == outcome(chunks: 4, reordered: 2, flaw: .reordered))
    }

    @Test("A gap of exactly the stall's length is one; a nanosecond less is none", arguments: [(0, true), (-1, false)])
    func stalled(difference: Int64, isStalled: Bool) {
        let pause = TimeAmount.seconds(5) + .nanoseconds(difference)
        var between = Stream(stall: .seconds(5))
        between.chunk(0, nil)
        between.chunk(1, nil, after: pause)
        #expect(between.finish(nil) == outcome(chunks: 2, flaw: isStalled ? .stalled : nil))
        // The end counts as an arrival.
        var before = Stream(stall: .seconds(5))
        before.chunk(0, nil)
        #expect(before.finish(nil, after: pause) == outcome(chunks: 1, flaw: isStalled ? .stalled : nil))
    }

    @Test("A long gap is no stall where the step names none, nor is the wait for the first chunk")
    func noStall() {
        var without = Stream()
        without.chunk(0, nil)
        without.chunk(1, nil, after: .hours(1))
        #expect(without.finish(nil) == outcome(chunks: 2))
        var first = Stream(stall: .seconds(5))
        first.chunk(0, nil, after: .hours(1))
        #expect(first.finish(nil) == outcome(chunks: 1))
    }

    @Test("A chunk that comes again ends a gap as any other does")
    func repeatEndsGap() {
        var stream = Stream(stall: .seconds(5))
        stream.chunk(0, nil)
        stream.chunk(0, nil, after: .seconds(3))
        stream.chunk(1, nil, after: .seconds(3))
        #expect(stream.finish(nil) == outcome(chunks: 2, duplicated: 1, flaw: .duplicated))
    }

    // MARK: Precedence

    @Test("Of several flaws the first in the order of the language counts", arguments: 0..<64)
    func precedence(mask: Int) {
        let isMissing = mask & 1 != 0
        let isTruncated = mask & 2 != 0
        let isMismatched = mask & 4 != 0
        let isDuplicated = mask & 8 != 0
        let isReordered = mask & 16 != 0
        let isStalled = mask & 32 != 0
        var stream = Stream(stall: .seconds(5))
        stream.chunk(0, "a")
        stream.chunk(isReordered ? 2 : 1, isReordered ? "c" : "b")
        stream.chunk(isReordered ? 1 : 2, isReordered ? "b" : "c", after: isStalled ? .seconds(5) : .milliseconds(1))
        if isDuplicated { stream.chunk(1, "b") }
        stream.chunk(isMissing ? 4 : 3, isMissing ? "e" : "d")
        let final = isTruncated ? "abcdefgh" : isMismatched ? "abXd" : isMissing ? "abcde" : "abcd"
        let flaw: Flaw? =
            if isMissing {
                .missing
            } else if isTruncated {
                .truncated
            } else if isMismatched {
                .mismatched
            } else if isDuplicated {
                .duplicated
            } else if isReordered {
                .reordered
            } else if isStalled { .stalled } else { nil }
        let expected = outcome(
            chunks: 4,
            missing: isMissing ? 1 : 0,
            duplicated: isDuplicated ? 1 : 0,
            reordered: isReordered ? 1 : 0,
            flaw: flaw
        )
        let late = stream
        #expect(stream.finish(final) == expected)
        var timedOut = expected
        timedOut.flaw = .timedOut
        #expect(late.tracker.timeOut() == timedOut)
    }

    // MARK: Arrivals

    @Test("The first chunk with content is the first that is not empty")
    func firstContent() {
        var stream = Stream()
        #expect(stream.chunk(0, "")?.isFirstContent == false)
        #expect(stream.chunk(1, "")?.isFirstContent == false)
        #expect(stream.chunk(2, "x")?.isFirstContent == true)
        #expect(stream.chunk(3, "y")?.isFirstContent == false)
        var bare = Stream(joinsText: false)
        #expect(bare.chunk(nil, nil)?.isFirstContent == true)
        #expect(bare.chunk(nil, nil)?.isFirstContent == false)
    }

    @Test("A chunk without a text, where the others have one, is an empty one: it is no content and breaks no text")
    func chunkWithoutText() {
        var stream = Stream()
        #expect(stream.chunk(0, nil)?.isFirstContent == false)
        #expect(stream.chunk(1, "a")?.isFirstContent == true)
        stream.chunk(2, nil)
        stream.chunk(3, "b")
        #expect(stream.finish("ab") == outcome(chunks: 4))
    }

    @Test("A gap is the time since the chunk before; the first has none")
    func gaps() {
        var stream = Stream()
        #expect(stream.chunk(0, nil)?.gap == .none)
        #expect(stream.chunk(1, nil, after: .milliseconds(30))?.gap == .milliseconds(30))
        #expect(stream.chunk(1, nil, after: .milliseconds(70))?.gap == .milliseconds(70))
        #expect(stream.chunk(2, nil, after: .zero)?.gap == .zero)
    }

    @Test(
        "An index that no stream has is turned down and not counted",
        arguments: [-1, Int.min, StreamTracker.maximumIndex, Int.max]
    )
    func impossibleIndex(index: Int) {
        var stream = Stream()
        stream.chunk(0, "a")
        #expect(stream.chunk(index, "x") == nil)
        #expect(stream.finish("a") == outcome(chunks: 1))
    }

    @Test("The highest possible index counts all below it as missing")
    func highestIndex() {
        var stream = Stream()
        #expect(stream.chunk(StreamTracker.maximumIndex - 1, "x") != nil)
        #expect(stream.finish(nil) == outcome(chunks: 1, missing: StreamTracker.maximumIndex - 1, flaw: .missing))
    }

    private func outcome(
        chunks: Int,
        missing: Int = 0,
        duplicated: Int = 0,
        reordered: Int = 0,
        replayed: Int = 0,
        flaw: Flaw? = nil
    ) -> StreamTracker.Outcome {
        StreamTracker.Outcome(
            chunks: chunks,
            missing: missing,
            duplicated: duplicated,
            reordered: reordered,
            replayed: replayed,
            flaw: flaw
        )
    }
}
