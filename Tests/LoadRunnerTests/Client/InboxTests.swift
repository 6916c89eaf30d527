import NIOCore
import Scenarios
import Testing

@testable import LoadRunner

@Suite("The inbox")
struct InboxTests {
    @Test("It keeps messages in the order in which they came, with their event and time")
    func order() {
        var inbox = Inbox()
        #expect(inbox.isEmpty)
        for number in 0..<10 { #expect(inbox.append(number) == 0) }
        #expect(!inbox.isEmpty)
        #expect(inbox.messages.map(\.event) == Array(0..<10))
        #expect(inbox.messages.map(\.time) == (0..<10).map { instant(.milliseconds($0)) })
    }

    @Test("A kept message is the one that came: its bytes and where its parts lie")
    func content() {
        let text = #"["joined",{"id":7}]"#
        var inbox = Inbox()
        withBytes(text) { bytes in
            let view = EventView(bytes: bytes, first: 10..<18, list: 0..<19, skipped: 1)
            #expect(inbox.append(3, view, at: instant(.zero)) == 0)
        }
        let message = inbox.remove(at: 0)
        #expect(message.event == 3)
        message.content.withView { view in
            #expect(String(decoding: view.bytes, as: UTF8.self) == text)
            #expect(view.first == 10..<18)
            #expect(view.list == 0..<19)
            #expect(view.skipped == 1)
        }
    }

    @Test("Of more than 64 messages the oldest fall out, one for each")
    func messageLimit() {
        var inbox = Inbox()
        for number in 0..<64 { #expect(inbox.append(number) == 0) }
        for number in 64..<100 { #expect(inbox.append(number) == 1) }
        #expect(inbox.messages.map(\.event) == Array(36..<100))
    }

    @Test("Of more than 64 KB the oldest fall out, as many as the new one needs")
    func byteLimit() {
        var inbox = Inbox()
        for number in 0..<4 { #expect(inbox.append(number, size: 16 * 1024) == 0) }
        #expect(inbox.append(4, size: 1) == 1)
        #expect(inbox.messages.map(\.event) == [1, 2, 3, 4])
        #expect(inbox.append(5, size: 16 * 1024 - 1) == 0)
        #expect(inbox.append(6, size: 32 * 1024 + 1) == 3)
        #expect(inbox.messages.map(\.event) == [4, 5, 6])
    }

    @Test("A message of exactly 64 KB takes the whole room; a larger one falls out itself and moves nobody")
    func large() {
        var inbox = Inbox()
        #expect(inbox.append(0, size: 100) == 0)
        #expect(inbox.append(1, size: Inbox.byteLimit + 1) == 1)
        #expect(inbox.messages.map(\.event) == [0])
        #expect(inbox.append(2, size: Inbox.byteLimit) == 1)
        #expect(inbox.messages.map(\.event) == [2])
        #expect(inbox.append(3, size: 0) == 0)
    }

    @Test("What is taken out or cleared makes room")
    func room() {
        var inbox = Inbox()
        for number in 0..<4 { _ = inbox.append(number, size: 16 * 1024) }
        #expect(inbox.remove(at: 2).event == 2)
        #expect(inbox.append(4, size: 16 * 1024) == 0)
        #expect(inbox.messages.map(\.event) == [0, 1, 3, 4])
        inbox.clear()
        #expect(inbox.isEmpty)
        #expect(inbox.append(5, size: Inbox.byteLimit) == 0)
    }

    @Test("A message that is put back stands where it was, and takes its room again")
    func putsBack() {
        var inbox = Inbox()
        for number in 0..<4 { _ = inbox.append(number, size: 16 * 1024) }
        let message = inbox.remove(at: 1)
        inbox.putBack(message, at: 1)
        #expect(inbox.messages.map(\.event) == [0, 1, 2, 3])
        #expect(inbox.append(4, size: 1) == 1)
        // The window was closed meanwhile: there is no such place any more.
        inbox.clear()
        inbox.putBack(message, at: 7)
        #expect(inbox.messages.map(\.event) == [1])
        #expect(inbox.append(5, size: 48 * 1024) == 0)
        #expect(inbox.append(6, size: 1) == 1)
    }

    @Test("It keeps what a list with both limits keeps", arguments: 1...20)
    func listModel(seed: Int) {
        var random = seededRandom(seed)
        var inbox = Inbox()
        var model: [(event: Int, size: Int)] = []
        for number in 0..<1000 {
            switch random.integer(from: 0, through: 9) {
            case 0 where !model.isEmpty:
                let place = random.integer(from: 0, through: model.count - 1)
                #expect(inbox.remove(at: place).event == model.remove(at: place).event)
            case 1 where random.integer(from: 0, through: 20) == 0:
                inbox.clear()
                model = []
            default:
                let size = random.integer(from: 0, through: [50, 2000, 70_000][random.integer(from: 0, through: 2)])
                let fallen = inbox.append(number, size: size)
                var expected = 0
                if size > 65_536 {
                    expected = 1
                } else {
                    model.append((number, size))
                    while model.count > 64 || model.reduce(0, { $0 + $1.size }) > 65_536 {
                        model.removeFirst()
                        expected += 1
                    }
                }
                #expect(fallen == expected)
            }
            #expect(inbox.messages.map(\.event) == model.map(\.event))
        }
    }
}

extension Inbox {
    /// Appends a message of so many bytes.
    fileprivate mutating func append(_ event: Int, size: Int = 10) -> Int {
        [UInt8](repeating: UInt8(ascii: "x"), count: size).withUnsafeBytes { bytes in
            let view = EventView(bytes: bytes, first: nil, list: 0..<size, skipped: 1)
            return append(event, view, at: instant(.milliseconds(Int64(event))))
        }
    }
}
