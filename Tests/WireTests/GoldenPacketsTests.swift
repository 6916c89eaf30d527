import NIOCore
import Testing

@testable import Wire

@Suite("Packets as the official implementations write them")
struct GoldenPacketsTests {
    static let implementations = ["node", "python"]

    static func text(_ body: (inout ByteBuffer) -> Void) -> String {
        var buffer = ByteBuffer()
        body(&buffer)
        return String(buffer: buffer)
    }

    /// As our writers write it, for either transport.
    static func written(_ packet: GoldenPackets.Engine) -> EngineIOPacket {
        if let binary = packet.binary { return .binary(ByteBuffer(bytes: binary)) }
        var buffer = ByteBuffer()
        EngineIOPacketWriter.write(packet.type, to: &buffer)
        buffer.writeString(packet.text ?? "")
        return .text(buffer)
    }

    @Test("all of them are there", arguments: implementations)
    func count(implementation: String) throws {
        let golden = try GoldenPackets(implementation)
        #expect(golden.engine.count == 17)
        #expect(golden.payloads.count == 7)
        #expect(golden.socket.count == 25)
        #expect(Set(golden.engine.map(\.type)).count == 7)
        #expect(Set(golden.socket.map(\.text.first)).count == 7)
    }

    @Test("Engine.IO packets over WebSocket and over polling", arguments: implementations)
    func engine(implementation: String) throws {
        for packet in try GoldenPackets(implementation).engine {
            let written = Self.written(packet)
            switch written {
            case .text(let text): #expect(packet.webSocket == .text(String(buffer: text)))
            case .binary(let bytes): #expect(packet.webSocket == .binary(bytes.array))
            }
            #expect(EngineIOPayloadWriterTests.payloads([written], maxPayload: nil) == [packet.polling])
            #expect(written.pollingSize == packet.polling.utf8.count)
            #expect(EngineIOPayloadReaderTests.read(packet.polling).items == [Self.item(written)])
        }
    }

    @Test("the open packet, and what a session makes of each packet", arguments: implementations)
    func session(implementation: String) throws {
        let golden = try GoldenPackets(implementation)
        var session = EngineIOSession()
        let open = try #require(golden.engine.first)
        let action = try withBytes(open.polling) { try session.receive($0) }
        guard case .opened(let opened) = action else {
            Issue.record("the session did not open")
            return
        }
        #expect(Self.text { EngineIOPacketWriter.writeOpen(opened, to: &$0) } == open.polling)
        for packet in golden.engine.dropFirst() {
            guard case .text(let text) = packet.webSocket else { continue }
            var session = EngineIOSession(opened: opened)
            let content = 1..<text.utf8.count
            let expected: EngineIOSession.Action? =
                switch packet.type {
                case .close: .close
                case .ping: .ping(content)
                case .message: .message(content)
                case .pong, .noop: EngineIOSession.Action.none
                case .open, .upgrade: nil
                }
            let action = try? withBytes(text) { try session.receive($0) }
            #expect(action == expected, "\(text)")
        }
    }

    @Test("polling payloads", arguments: implementations)
    func payloads(implementation: String) throws {
        let golden = try GoldenPackets(implementation)
        for payload in golden.payloads {
            let packets = payload.packets.map { Self.written(golden.engine[$0]) }
            #expect(EngineIOPayloadWriterTests.payloads(packets, maxPayload: nil) == [payload.text])
            #expect(EngineIOPayloadReaderTests.read(payload.text) == .init(items: packets.map(Self.item)))
        }
    }

    @Test(
        "Socket.IO packets are written alike: by Node to the byte, by Python but for its escapes",
        arguments: implementations
    )
    func socketWriting(implementation: String) throws {
        for packet in try GoldenPackets(implementation).socket {
            var attachments: [[UInt8]] = []
            let arguments = packet.arguments.map { $0.deconstructed(&attachments) }
            #expect(attachments == packet.attachments)
            let text = Self.text { Self.write(packet, arguments, attachments.count, to: &$0) }
            if implementation == "node" { #expect(text == "4" + packet.text) }
            let parts = try Self.parts(String(text.dropFirst()))
            #expect(try parts == Self.parts(packet.text), "\(packet.text)")
        }
    }

    @Test("Socket.IO packets are read alike", arguments: implementations)
    func socketReading(implementation: String) throws {
        for packet in try GoldenPackets(implementation).socket {
            try withBytes(packet.text) { bytes in
                let view = try SocketIOPacketView(parsing: bytes, range: 0..<bytes.count)
                let isBinary = !packet.attachments.isEmpty
                switch packet.type {
                case .event: #expect(view.type == (isBinary ? .binaryEvent : .event))
                case .ack: #expect(view.type == (isBinary ? .binaryAck : .ack))
                default: #expect(view.type == packet.type)
                }
                #expect(view.attachments == packet.attachments.count)
                #expect(view.id == packet.id)
                let namespace = view.namespace.map { String(decoding: bytes[$0], as: UTF8.self) }
                #expect(SocketIONamespace(namespace ?? "/") == packet.namespace)
                #expect(view.name.flatMap { JSONScanner.string(of: $0, in: bytes) } == packet.event)

                var attachments: [[UInt8]] = []
                let arguments = packet.arguments.map { $0.deconstructed(&attachments) }
                let payload = view.payload.map { JSONValue($0, in: bytes) }
                if packet.type == .event || packet.type == .ack {
                    #expect(payload == .array((packet.event.map { [.string($0)] } ?? []) + arguments))
                    #expect(view.firstArgument.map { JSONValue($0, in: bytes) } == arguments.first)
                } else {
                    #expect(payload == packet.data)
                }
                try Self.assemble(packet, view)
            }
        }
    }
}

extension GoldenPacketsTests {
    private static func item(_ packet: EngineIOPacket) -> EngineIOPayloadReaderTests.Item {
        switch packet {
        case .text(let text): .text(String(buffer: text))
        case .binary(let bytes): .binary(bytes.array)
        }
    }

    private static func write(
        _ packet: GoldenPackets.Socket,
        _ arguments: [JSONValue],
        _ attachments: Int,
        to buffer: inout ByteBuffer
    ) {
        switch packet.type {
        case .connect:
            let auth = packet.data.map { ByteBuffer(string: $0.jsonText) }
            if let sid = packet.data?["sid"]?.string {
                SocketIOPacketWriter.writeConnected(packet.namespace, sid: sid, to: &buffer)
            } else {
                SocketIOPacketWriter.writeConnect(packet.namespace, auth: auth, to: &buffer)
            }
        case .disconnect:
            SocketIOPacketWriter.writeDisconnect(packet.namespace, to: &buffer)
        case .connectError:
            let message = packet.data?["message"]?.string ?? ""
            SocketIOPacketWriter.writeConnectError(
                packet.namespace,
                message: message,
                data: packet.data?["data"],
                to: &buffer
            )
        case .event, .binaryEvent:
            SocketIOPacketWriter.beginEvent(packet.namespace, id: packet.id, attachments: attachments, to: &buffer)
            JSONWriter.writeString(packet.event ?? "", to: &buffer)
            for argument in arguments {
                buffer.writeString(",")
                argument.write(to: &buffer)
            }
            buffer.writeString("]")
        case .ack, .binaryAck:
            SocketIOPacketWriter.beginAck(packet.namespace, id: packet.id ?? -1, attachments: attachments, to: &buffer)
            for (place, argument) in arguments.enumerated() {
                if place > 0 { buffer.writeString(",") }
                argument.write(to: &buffer)
            }
            buffer.writeString("]")
        }
    }

    /// What stands before the JSON, and the JSON as a tree.
    private static func parts(_ text: String) throws -> [JSONValue] {
        try withBytes(text) { bytes in
            let view = try SocketIOPacketView(parsing: bytes, range: 0..<bytes.count)
            let start = view.payload?.range.lowerBound ?? bytes.count
            let payload = view.payload.map { JSONValue($0, in: bytes) }
            return [.string(String(decoding: bytes[..<start], as: UTF8.self)), payload ?? .null]
        }
    }

    private static func assemble(_ packet: GoldenPackets.Socket, _ view: SocketIOPacketView) throws {
        var assembler = SocketIOBinaryAssembler()
        guard view.attachments > 0 else { return }
        let text = ByteBuffer(string: packet.text)
        try assembler.begin(text, attachments: view.attachments)
        for (place, attachment) in packet.attachments.enumerated() {
            let complete = try assembler.append(ByteBuffer(bytes: attachment))
            #expect((complete != nil) == (place == packet.attachments.count - 1))
            if let complete {
                #expect(complete.text == text)
                #expect(complete.attachments.map(\.array) == packet.attachments)
            }
        }
        #expect(assembler.missingAttachments == 0)
    }
}
