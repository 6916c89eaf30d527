import NIOCore
import Testing

@testable import Wire

@Suite("Socket.IO packets, writing")
struct SocketIOPacketWriterTests {
    static func written(_ body: (inout ByteBuffer) -> Void) -> String {
        var buffer = ByteBuffer()
        body(&buffer)
        return String(buffer: buffer)
    }

    /// The sample session of socket.io-protocol, Readme.md, and its test-suite.js (commit 4f633dd).
    @Test("the packets of the protocol document")
    func golden() throws {
        let admin = try #require(SocketIONamespace("/admin"))
        #expect(Self.written { SocketIOPacketWriter.writeConnect(.main, auth: nil, to: &$0) } == "40")
        #expect(Self.written { SocketIOPacketWriter.writeConnect(admin, auth: nil, to: &$0) } == "40/admin,")
        let auth = ByteBuffer(string: #"{"token":"123"}"#)
        #expect(Self.written { SocketIOPacketWriter.writeConnect(.main, auth: auth, to: &$0) } == #"40{"token":"123"}"#)
        #expect(
            Self.written { SocketIOPacketWriter.writeConnected(admin, sid: "-G5j-67EZFp-q59rADQM", to: &$0) }
                == #"40/admin,{"sid":"-G5j-67EZFp-q59rADQM"}"#
        )
        #expect(
            Self.written {
                SocketIOPacketWriter.writeConnectError(
                    SocketIONamespace("random") ?? .main,
                    message: "Invalid namespace",
                    to: &$0
                )
            } == #"44/random,{"message":"Invalid namespace"}"#
        )
        #expect(Self.written { SocketIOPacketWriter.writeDisconnect(.main, to: &$0) } == "41")
        #expect(Self.written { SocketIOPacketWriter.writeDisconnect(admin, to: &$0) } == "41/admin,")
        #expect(
            Self.written { SocketIOPacketWriter.writeEvent(.main, name: "hey", arguments: [.string("Jude")], to: &$0) }
                == #"42["hey","Jude"]"#
        )
        #expect(
            Self.written { SocketIOPacketWriter.writeEvent(admin, id: 1, name: "tellme", arguments: [], to: &$0) }
                == #"42/admin,1["tellme"]"#
        )
        #expect(
            Self.written { SocketIOPacketWriter.writeAck(admin, id: 13, arguments: [.string("bar")], to: &$0) }
                == #"43/admin,13["bar"]"#
        )
        #expect(
            Self.written {
                SocketIOPacketWriter.beginAck(.main, id: 456, to: &$0)
                $0.writeString(#"1,"2",{"3":[false]}]"#)
            } == #"43456[1,"2",{"3":[false]}]"#
        )
        #expect(Self.written { SocketIOPacketWriter.beginEvent(.main, id: nil, to: &$0) } == "42[")
        #expect(Self.written { SocketIOPacketWriter.beginEvent(admin, id: 0, to: &$0) } == "42/admin,0[")
    }

    @Test("binary packets say how many attachments follow, and have placeholders for them")
    func binary() throws {
        let admin = try #require(SocketIONamespace("/admin"))
        let first = #"{"_placeholder":true,"num":0}"#
        let second = #"{"_placeholder":true,"num":1}"#
        #expect(
            Self.written {
                SocketIOPacketWriter.writeEvent(.main, name: "file", arguments: [], attachments: 1, to: &$0)
            } == #"451-["file",\#(first)]"#
        )
        #expect(
            Self.written {
                SocketIOPacketWriter.writeEvent(
                    admin,
                    id: 7,
                    name: "file",
                    arguments: [.null],
                    attachments: 2,
                    to: &$0
                )
            } == #"452-/admin,7["file",null,\#(first),\#(second)]"#
        )
        #expect(
            Self.written { SocketIOPacketWriter.writeAck(admin, id: 7, arguments: [], attachments: 2, to: &$0) }
                == #"462-/admin,7[\#(first),\#(second)]"#
        )
        #expect(
            Self.written { SocketIOPacketWriter.writeAck(.main, id: 0, arguments: [], to: &$0) } == "430[]"
        )
        for attachments in [0, -1] {
            #expect(
                Self.written {
                    SocketIOPacketWriter.writeAck(.main, id: 1, arguments: [.null], attachments: attachments, to: &$0)
                } == "431[null]"
            )
        }
        #expect(
            Self.written { SocketIOPacketWriter.beginEvent(admin, id: 0, attachments: 10, to: &$0) } == "4510-/admin,0["
        )
        #expect(Self.written { SocketIOPacketWriter.beginAck(.main, id: 3, attachments: 1, to: &$0) } == "461-3[")
    }

    @Test("what is written is read back")
    func roundTrip() throws {
        for seed in 0..<300 as Range<UInt64> {
            var random = RandomJSON(seed: seed)
            let arguments = (0..<Int(seed % 4)).map { _ in random.value() }
            let name = "e" + random.text()
            let namespace = seed % 2 == 0 ? SocketIONamespace.main : try #require(SocketIONamespace("/naïve ns"))
            var buffer = ByteBuffer()
            SocketIOPacketWriter.writeEvent(
                namespace,
                id: seed % 3 == 0 ? Int(seed) : nil,
                name: name,
                arguments: arguments,
                to: &buffer
            )
            try withBytes(buffer.array) { bytes in
                let packet = try SocketIOPacketView(parsing: bytes, range: 1..<bytes.count)
                #expect(packet.id == (seed % 3 == 0 ? Int(seed) : nil))
                #expect(packet.namespace.map { Array(bytes[$0]) } == (seed % 2 == 0 ? nil : namespace.bytes))
                let list = try #require(packet.list)
                #expect(try JSONValue(parsing: bytes, range: list) == .array([.string(name)] + arguments))
                let first = packet.firstArgument.map { JSONValue($0, in: bytes) }
                #expect(first == arguments.first)
            }
        }
    }

    @Test("the name of a namespace gets its slash, and can hold no comma and no control character")
    func namespaces() {
        #expect(SocketIONamespace("")?.isMain == true)
        #expect(SocketIONamespace("/")?.isMain == true)
        #expect(SocketIONamespace("/")?.name == "/")
        #expect(SocketIONamespace("admin")?.name == "/admin")
        #expect(SocketIONamespace("/admin") == SocketIONamespace("admin"))
        #expect(SocketIONamespace("/a,b") == nil)
        #expect(SocketIONamespace("/a\n") == nil)
    }
}
