/// The types of Socket.IO 5 packets; the raw value is the character on the wire.
///
/// Source: socket.io-protocol, Readme.md, "Exchange protocol".
package enum SocketIOPacketType: UInt8, Hashable, Sendable {
    case connect = 0x30
    case disconnect = 0x31
    case event = 0x32
    case ack = 0x33
    case connectError = 0x34
    case binaryEvent = 0x35
    case binaryAck = 0x36
}
