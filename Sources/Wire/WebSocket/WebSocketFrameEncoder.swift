package import NIOCore

/// Writes frames of either role: masked by a client, unmasked by a server.
///
/// The payload is rendered straight into the buffer that is sent:
///
///     let start = WebSocketFrameEncoder.begin(&buffer)
///     … append the payload to buffer …
///     WebSocketFrameEncoder.finish(&buffer, start: start, opcode: .text, mask: keys.next())
///
/// Where the frame is the first in the buffer nothing is moved; the reader index goes to the header's first byte.
/// Behind earlier frames the payload is moved down to close the gap. Between `begin` and `finish` the buffer is only
/// appended to. Source: RFC 6455, section 5.2.
package enum WebSocketFrameEncoder {
    /// Reserves room for the longest header; returns what `finish` wants to know.
    package static func begin(_ buffer: inout ByteBuffer) -> Int {
        if buffer.readableBytes == 0 { buffer.clear() }
        let start = buffer.writerIndex
        buffer.reserveCapacity(minimumWritableBytes: longestHeader + 128)
        buffer.moveWriterIndex(forwardBy: longestHeader)
        return start
    }

    /// Makes what was appended since `begin` one whole message in one frame.
    ///
    /// - Parameter mask: the masking key of a client; nil for a server.
    package static func finish(_ buffer: inout ByteBuffer, start: Int, opcode: WebSocketOpcode, mask: UInt32?) {
        let payload = start + longestHeader
        let count = buffer.writerIndex - payload
        precondition(count >= 0, "finish without begin")
        let length = headerLength(count, isMasked: mask != nil)
        let isFirst = start == buffer.readerIndex
        let header = isFirst ? payload - length : start
        buffer.withVeryUnsafeMutableBytes { bytes in
            if !isFirst, length < longestHeader {
                let target = UnsafeMutableRawBufferPointer(rebasing: bytes[(start + length)..<(start + length + count)])
                target.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[payload..<(payload + count)]))
            }
            let frame = UnsafeMutableRawBufferPointer(rebasing: bytes[header..<(header + length + count)])
            writeHeader(frame, opcode, count, mask)
            if let mask {
                WebSocketMask.apply(mask, to: UnsafeMutableRawBufferPointer(rebasing: frame[length...]))
            }
        }
        if isFirst {
            buffer.moveReaderIndex(to: header)
        } else {
            buffer.moveWriterIndex(to: start + length + count)
        }
    }

    /// Appends a frame with this payload.
    package static func write(
        _ payload: ByteBuffer,
        opcode: WebSocketOpcode,
        mask: UInt32?,
        to buffer: inout ByteBuffer
    ) {
        let start = begin(&buffer)
        buffer.writeImmutableBuffer(payload)
        finish(&buffer, start: start, opcode: opcode, mask: mask)
    }

    /// Appends the pong that answers a ping with this payload.
    package static func writePong(_ payload: ByteBuffer, mask: UInt32?, to buffer: inout ByteBuffer) {
        write(payload, opcode: .pong, mask: mask, to: &buffer)
    }

    /// Appends a close frame; without a code it is empty. The reason is cut to the 123 bytes that fit.
    package static func writeClose(code: UInt16?, reason: String = "", mask: UInt32?, to buffer: inout ByteBuffer) {
        let start = begin(&buffer)
        if let code {
            buffer.writeInteger(code)
            var left = 123
            for scalar in reason.unicodeScalars {
                left -= UTF8.width(scalar)
                if left < 0 { break }
                buffer.writeString(String(scalar))
            }
        }
        finish(&buffer, start: start, opcode: .close, mask: mask)
    }
}

extension WebSocketFrameEncoder {
    /// Two bytes, eight of length, four of masking key.
    private static var longestHeader: Int { 14 }

    @inline(__always)
    private static func headerLength(_ count: Int, isMasked: Bool) -> Int {
        let length = count < 126 ? 2 : count < 1 << 16 ? 4 : 10
        return isMasked ? length + 4 : length
    }

    @inline(__always)
    private static func writeHeader(
        _ frame: UnsafeMutableRawBufferPointer,
        _ opcode: WebSocketOpcode,
        _ count: Int,
        _ mask: UInt32?
    ) {
        let maskBit: UInt8 = mask == nil ? 0 : 0x80
        frame[0] = 0x80 | opcode.rawValue
        var at = 2
        if count < 126 {
            frame[1] = maskBit | UInt8(truncatingIfNeeded: count)
        } else if count < 1 << 16 {
            frame[1] = maskBit | 126
            frame.storeBytes(of: UInt16(truncatingIfNeeded: count).bigEndian, toByteOffset: 2, as: UInt16.self)
            at = 4
        } else {
            frame[1] = maskBit | 127
            frame.storeBytes(of: UInt64(truncatingIfNeeded: count).bigEndian, toByteOffset: 2, as: UInt64.self)
            at = 10
        }
        if let mask {
            frame.storeBytes(of: mask.bigEndian, toByteOffset: at, as: UInt32.self)
        }
    }
}
