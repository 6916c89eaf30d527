import NIOCore
import Testing

@testable import PracticeServer

@Suite struct RecoverableLineTests {
    private static func line(_ count: Int) -> RecoverableLine {
        var line = RecoverableLine(sid: "s", pid: "p")
        for number in 1...count { _ = line.keep(ByteBuffer(string: #"42["e",\#(number)]"#), []) }
        return line
    }

    @Test("The offset is the last argument, also of an event without one")
    func offset() {
        var line = RecoverableLine(sid: "s", pid: "p")
        let first = line.keep(ByteBuffer(string: #"42["e"]"#), [])
        let second = line.keep(
            ByteBuffer(string: #"451-/a,["e",{"_placeholder":true,"num":0}]"#),
            [ByteBuffer(bytes: [1])]
        )
        #expect(String(buffer: line.text(of: first)) == #"42["e","s.1"]"#)
        #expect(String(buffer: line.text(of: second)) == #"451-/a,["e",{"_placeholder":true,"num":0},"s.2"]"#)
        #expect(second.attachments.count == 1)
    }

    @Test("What came after an offset is missed, and nothing after the last")
    func missed() {
        let line = Self.line(5)
        #expect(line.packets(after: "s.2")?.map(\.number) == [3, 4, 5])
        #expect(line.packets(after: "s.5")?.isEmpty == true)
    }

    @Test(
        "An offset that was never given, or is too old, leads nowhere",
        arguments: [
            "", "s", "s.", "s.0", "s.6", "s.-1", "t.2", "s.02", "s.+2", "s.99999999999999999999",
        ]
    )
    func unknown(offset: String) {
        #expect(Self.line(5).packets(after: offset) == nil)
    }

    @Test("As many events are kept as the limit says")
    func limit() {
        let line = Self.line(RecoverableLine.limit + 2)
        #expect(line.packets(after: "s.2") == nil)
        #expect(line.packets(after: "s.3")?.count == RecoverableLine.limit - 1)
    }

    @Test(
        "Events are known by what stands before their list",
        arguments: [
            (#"42["e"]"#, nil, false), (#"4217["e"]"#, nil, true), (#"42/admin,["e"]"#, 2..<8, false),
            (#"42/admin,3["e"]"#, 2..<8, true), (#"452-["e"]"#, nil, false), (#"4512-/a,7["e"]"#, 5..<7, true),
        ] as [(String, Range<Int>?, Bool)]
    )
    func head(text: String, namespace: Range<Int>?, hasID: Bool) {
        let head = ByteBuffer(string: text).withUnsafeReadableBytes { EventHead($0) }
        #expect(head?.namespace == namespace)
        #expect(head?.hasID == hasID)
    }

    @Test(
        "Nothing else is an event",
        arguments: ["", "4", "42", "43[1]", "41", "40{}", "45", "42/a", "2", "42/a,", "461-3[]"]
    )
    func noEvent(text: String) {
        #expect(ByteBuffer(string: text).withUnsafeReadableBytes { EventHead($0) } == nil)
    }
}
