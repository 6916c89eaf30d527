package import NIOCore
import Wire

/// Cuts the body of a polling request or answer into messages as a WebSocket would have carried them.
package enum PollingBody {
    /// The messages of a payload of Engine.IO; those before the place where it breaks the protocol, and what is wrong there.
    package static func messages(_ payload: ByteBuffer) -> (messages: [RecordedMessage], problem: String?) {
        var messages: [RecordedMessage] = []
        var reader = EngineIOPayloadReader()
        let problem: String? = payload.withUnsafeReadableBytes { bytes -> String? in
            do throws(WireError) {
                while let packet = try reader.next(bytes) {
                    switch packet {
                    case .text(let range):
                        let text = ByteBuffer(bytes: UnsafeRawBufferPointer(rebasing: bytes[range]))
                        messages.append(
                            RecordedMessage(RecordedBody(bytes: text, isBinary: false), transport: .polling)
                        )
                    case .binary(let range):
                        var content = ByteBuffer()
                        try EngineIOPayloadReader.decode(range, in: bytes, to: &content)
                        messages.append(
                            RecordedMessage(RecordedBody(bytes: content, isBinary: true), transport: .polling)
                        )
                    }
                }
                return nil
            } catch {
                return error.description
            }
        }
        return (messages, problem)
    }
}
