import NIOCore
import Scenarios
import Wire

extension Connection {
    /// A handshake goes out, which the tape is to have with its answer.
    func noteHandshake(_ transport: RecordedTransport, _ path: String, _ headers: [(String, String)]) {
        guard let tape else { return }
        var headers = headers
        let subprotocols = program.group.target.subprotocols
        if transport == .webSocket, !subprotocols.isEmpty {
            headers.append(("Sec-WebSocket-Protocol", subprotocols.joined(separator: ", ")))
        }
        tape.asks(transport, path, headers, of: worker.server(of: group))
    }
}

extension ClientTape {
    /// Takes down packets that go out in one POST.
    func sent(_ packets: some Sequence<EngineIOPacket>) {
        for packet in packets {
            switch packet {
            case .text(let text): text.withUnsafeReadableBytes { sent($0, .polling) }
            case .binary(let message): message.withUnsafeReadableBytes { sent($0, [.polling, .binary]) }
            }
        }
    }

    /// Takes down a binary message of the client's.
    func sent(_ payload: [UInt8], _ kind: TapeRecord.Kind) {
        payload.withUnsafeBytes { sent($0, kind) }
    }
}
