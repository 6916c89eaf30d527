package import NIOCore

/// The start of what went by, for the recording: never more than a limit.
package struct BodyCopy: Hashable, Sendable {
    package private(set) var bytes = ByteBuffer()
    /// Bytes of the whole.
    package private(set) var total = 0
    private let limit: Int

    package init(limit: Int) {
        self.limit = limit
    }

    /// Whether there was more than is kept.
    package var isTruncated: Bool { total > bytes.readableBytes }

    /// So many bytes more went by that are not kept.
    mutating func addMissing(_ count: Int) { total &+= max(0, count) }

    mutating func append(_ more: ByteBuffer) {
        total &+= more.readableBytes
        let room = limit - bytes.readableBytes
        guard room > 0, let kept = more.getSlice(at: more.readerIndex, length: min(room, more.readableBytes)) else {
            return
        }
        bytes.writeImmutableBuffer(kept)
    }
}
