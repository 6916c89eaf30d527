import NIOCore
import Wire

extension EventView {
    /// Appends a value's bytes as they were received.
    func append(_ slice: JSONSlice, to buffer: inout ByteBuffer) {
        guard let text = JSONScanner.text(of: slice, in: bytes) else { return }
        buffer.writeBytes(text)
    }
}
