import CZlib

/// Compresses one text after the other into zlib streams, with the same memory.
///
/// The window and the table are small, since histograms of an interval are a few hundred bytes: clearing the 128 KB
/// that zlib takes by default would cost more than the work itself.
final class Deflater {
    private let stream: UnsafeMutablePointer<z_stream>

    init() throws {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let code = deflateInit2_(
            stream,
            6,
            Z_DEFLATED,
            12,
            5,
            Z_DEFAULT_STRATEGY,
            ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size)
        )
        guard code == Z_OK else {
            stream.deallocate()
            throw ZlibError(code: code)
        }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// Replaces what is in `packed` with the compressed bytes.
    func deflate(_ plain: [UInt8], into packed: inout [UInt8]) throws {
        var code = deflateReset(stream)
        guard code == Z_OK else { throw ZlibError(code: code) }
        let room = Int(deflateBound(stream, UInt(plain.count)))
        packed.removeAll(keepingCapacity: true)
        packed.append(contentsOf: repeatElement(0, count: room))
        var plain = plain
        plain.withUnsafeMutableBufferPointer { input in
            packed.withUnsafeMutableBufferPointer { output in
                stream.pointee.next_in = input.baseAddress
                stream.pointee.avail_in = UInt32(input.count)
                stream.pointee.next_out = output.baseAddress
                stream.pointee.avail_out = UInt32(output.count)
                code = CZlib.deflate(stream, Z_FINISH)
            }
        }
        guard code == Z_STREAM_END else { throw ZlibError(code: code) }
        packed.removeLast(Int(stream.pointee.avail_out))
    }
}
