import Scenarios
import Wire

extension EventView {
    /// The JSON of an event or acknowledgement; nil for a packet that has none.
    init?(_ packet: SocketIOPacketView, in bytes: UnsafeRawBufferPointer) {
        guard let list = packet.list else { return nil }
        let first = packet.firstArgument.map {
            ($0.range.lowerBound - list.lowerBound)..<($0.range.upperBound - list.lowerBound)
        }
        self.init(
            bytes: UnsafeRawBufferPointer(rebasing: bytes[list]),
            first: first,
            list: 0..<list.count,
            skipped: packet.skipped
        )
    }
}
