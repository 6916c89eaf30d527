import NIOCore
import Testing

@testable import Wire

@Suite("Socket.IO packets, reading")
struct SocketIOPacketViewTests {
    /// The parts of a packet as text.
    struct Parts: Equatable, CustomStringConvertible {
        var type: SocketIOPacketType
        var attachments = 0
        var namespace: String?
        var id: Int?
        var payload: String?
        var name: String?
        var first: String?

        var description: String { "\(type) \(attachments) \(namespace ?? "/") \(id ?? -1) \(payload ?? "-")" }
    }

    static func parse(_ text: String, prefix: String = "") throws -> Parts {
        try withBytes(prefix + text) { bytes in
            let packet = try SocketIOPacketView(parsing: bytes, range: prefix.utf8.count..<bytes.count)
            func string(_ range: Range<Int>?) -> String? {
                range.map { String(decoding: bytes[$0], as: UTF8.self) }
            }
            #expect(packet.skipped == (packet.name == nil ? 0 : 1))
            #expect(packet.list == (packet.payload?.kind == .array ? packet.payload?.range : nil))
            return Parts(
                type: packet.type,
                attachments: packet.attachments,
                namespace: string(packet.namespace),
                id: packet.id,
                payload: string(packet.payload?.range),
                name: string(packet.name?.range),
                first: string(packet.firstArgument?.range)
            )
        }
    }

    static let placeholder = #"{"_placeholder":true,"num":0}"#

    /// socket.io-protocol, Readme.md and test-suite.js (commit 4f633dd); socket.io-parser, test/parser.js.
    static let golden: [(String, Parts)] = [
        ("0", Parts(type: .connect)),
        (
            #"0/admin,{"sid":"oSO0OpakMV_3jnilAAAA"}"#,
            Parts(type: .connect, namespace: "/admin", payload: #"{"sid":"oSO0OpakMV_3jnilAAAA"}"#)
        ),
        (#"0{"token":"123"}"#, Parts(type: .connect, payload: #"{"token":"123"}"#)),
        ("0/admin,", Parts(type: .connect, namespace: "/admin")),
        ("0/random", Parts(type: .connect, namespace: "/random")),
        (
            #"4{"message":"Not authorized"}"#,
            Parts(type: .connectError, payload: #"{"message":"Not authorized"}"#)
        ),
        (
            #"4/random,{"message":"Invalid namespace"}"#,
            Parts(type: .connectError, namespace: "/random", payload: #"{"message":"Invalid namespace"}"#)
        ),
        (#"4"Unauthorized""#, Parts(type: .connectError, payload: #""Unauthorized""#)),
        (#"2["foo"]"#, Parts(type: .event, payload: #"["foo"]"#, name: #""foo""#)),
        (
            #"2/admin,["bar"]"#,
            Parts(type: .event, namespace: "/admin", payload: #"["bar"]"#, name: #""bar""#)
        ),
        (
            #"51-["baz",\#(placeholder)]"#,
            Parts(
                type: .binaryEvent,
                attachments: 1,
                payload: #"["baz",\#(placeholder)]"#,
                name: #""baz""#,
                first: placeholder
            )
        ),
        (
            #"52-/admin,["baz",1,2]"#,
            Parts(
                type: .binaryEvent,
                attachments: 2,
                namespace: "/admin",
                payload: #"["baz",1,2]"#,
                name: #""baz""#,
                first: "1"
            )
        ),
        (#"212["foo"]"#, Parts(type: .event, id: 12, payload: #"["foo"]"#, name: #""foo""#)),
        (
            #"3/admin,13["bar"]"#,
            Parts(type: .ack, namespace: "/admin", id: 13, payload: #"["bar"]"#, first: #""bar""#)
        ),
        (
            #"61-15["bar",{"_placeholder":true,"num":0}]"#,
            Parts(
                type: .binaryAck,
                attachments: 1,
                id: 15,
                payload: #"["bar",\#(placeholder)]"#,
                first: #""bar""#
            )
        ),
        (
            #"61-/admin,1[{"_placeholder":true,"num":0}]"#,
            Parts(
                type: .binaryAck,
                attachments: 1,
                namespace: "/admin",
                id: 1,
                payload: "[\(placeholder)]",
                first: placeholder
            )
        ),
        (
            #"2456["message-with-ack",1,"2",{"3":[false]}]"#,
            Parts(
                type: .event,
                id: 456,
                payload: #"["message-with-ack",1,"2",{"3":[false]}]"#,
                name: #""message-with-ack""#,
                first: "1"
            )
        ),
        ("1", Parts(type: .disconnect)),
        ("1/admin,", Parts(type: .disconnect, namespace: "/admin")),
        ("1/custom", Parts(type: .disconnect, namespace: "/custom")),
        (#"2[1,"a",{}]"#, Parts(type: .event, payload: #"[1,"a",{}]"#, name: "1", first: #""a""#)),
        ("31[]", Parts(type: .ack, id: 1, payload: "[]")),
        // Not in the documents, but what the official parser makes of it.
        (#"2/,["a"]"#, Parts(type: .event, payload: #"["a"]"#, name: #""a""#)),
        (#"2 [ "a" , 1 ] "#, Parts(type: .event, payload: #"[ "a" , 1 ]"#, name: #""a""#, first: "1")),
        (#"2["connect_"]"#, Parts(type: .event, payload: #"["connect_"]"#, name: #""connect_""#)),
        (#"2007["a"]"#, Parts(type: .event, id: 7, payload: #"["a"]"#, name: #""a""#)),
    ]

    @Test(
        "the packets of the protocol documents and of the official tests",
        arguments: SocketIOPacketViewTests.golden.indices
    )
    func packets(index: Int) throws {
        let (text, parts) = Self.golden[index]
        #expect(try Self.parse(text) == parts)
        #expect(try Self.parse(text, prefix: "4") == parts)
    }

    @Test(
        "what is no packet is an error of the protocol",
        arguments: [
            // socket.io-parser, test/parser.js: "throw an error upon parsing error"
            #"442["some","data""#, #"0/admin,"invalid""#, "0[]", "1/admin,{}", #"2/admin,"invalid"#, "2/admin,{}",
            #"2[{"toString":"foo"}]"#, #"2[true,"foo"]"#, #"2[null,"bar"]"#, #"2["connect"]"#,
            #"2["disconnect","123"]"#, "5", "51", "50-", "5a-", "51.23-", "999", "abc",
            #"2abc["message-with-ack",1,"2",{"3":[false]}]"#, "2{}",
            // The other reserved names, and one written with an escape
            #"2["connect_error"]"#, #"2["disconnecting"]"#, #"2["newListener"]"#, #"2["removeListener"]"#,
            #"2["\u0063onnect"]"#,
            // Shapes
            "", "2", "2[]", "2/admin,", "3", "31", #"3["a"]"#, "31{}", "4", "41", "4[]", "0null", "1null", "1{}",
            #"51-{}"#, #"61-["a"]"#, "7", "2[\"a\"", "2[\"a\"]x", "2[\"\u{1}\"]", #"2/admin["a"]"#, "/", "2-1[\"a\"]",
            // Numbers
            #"299999999999999999999["a"]"#, #"29223372036854775808["a"]"#, #"599999999999999999999-["a"]"#,
        ]
    )
    func invalid(text: String) {
        let error = #expect(throws: WireError.self) { try Self.parse(text) }
        #expect(error?.kind == "protocol")
        #expect(error?.sentence.isEmpty == false)
    }

    @Test("numbers and attachments go up to their limits")
    func limits() throws {
        #expect(try Self.parse(#"29223372036854775807["a"]"#).id == .max)
        #expect(try Self.parse(#"564-["a"]"#).attachments == 64)
        let error = #expect(throws: WireError.self) { try Self.parse(#"565-["a"]"#) }
        #expect(error?.kind == "too_large")
        let deep = "2[\"a\"," + String(repeating: "[", count: 200_000)
        #expect(throws: WireError.self) { try Self.parse(deep) }
    }

    @Test("bytes that are not UTF-8 are an error, in the payload")
    func utf8() {
        withBytes(Array(#"2["a","#.utf8) + [0x22, 0xFF, 0x22, 0x5D]) { bytes in
            _ = #expect(throws: WireError.self) { try SocketIOPacketView(parsing: bytes, range: 0..<bytes.count) }
        }
    }

    @Test("a range outside of the buffer is an error")
    func ranges() {
        withBytes(#"2["a"]"#) { bytes in
            for range in [0..<7, -1..<3, 6..<6] {
                _ = #expect(throws: WireError.self) { try SocketIOPacketView(parsing: bytes, range: range) }
            }
        }
    }

    @Test("a mutated packet never crashes, and one that is taken is written like any other")
    func mutation() throws {
        var generator = SeededGenerator(seed: 21)
        var taken = 0
        for round in 0..<4000 {
            let seed = Array(Self.golden[round % Self.golden.count].0.utf8)
            let mutant = generator.mutate(seed, alphabet: Array(#"0123456-/,[]{}":ax"#.utf8))
            try withBytes(mutant) { bytes in
                guard let packet = try? SocketIOPacketView(parsing: bytes, range: 0..<bytes.count) else { return }
                taken += 1
                #expect((packet.name != nil) == (packet.type == .event || packet.type == .binaryEvent))
                for slice in [packet.payload, packet.name, packet.firstArgument].compactMap({ $0 }) {
                    let again = try JSONScanner.validate(bytes, range: slice.range)
                    #expect(again == slice)
                }
                var session = SocketIOSession(namespace: .main)
                _ = try? session.receive(packet, in: bytes)
            }
        }
        #expect(taken > 400 && taken < 3600)
    }
}
