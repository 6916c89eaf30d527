/// The types of Engine.IO 4 packets; the raw value is the character on the wire.
///
/// Source: engine.io-protocol, README.md, "Protocol".
package enum EngineIOPacketType: UInt8, Hashable, Sendable {
    case open = 0x30
    case close = 0x31
    case ping = 0x32
    case pong = 0x33
    case message = 0x34
    case upgrade = 0x35
    case noop = 0x36
}
