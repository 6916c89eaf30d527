import CZlib

/// Reads zlib streams, whoever wrote them.
enum Inflater {
    /// Unpacks a stream to the front of `plain`.
    ///
    /// - Returns: How many bytes it has; nil where it is no whole stream, something follows it, or it does not fit.
    static func inflate(_ packed: ArraySlice<UInt8>, into plain: inout [UInt8]) -> Int? {
        var length = UInt(plain.count)
        var used = UInt(packed.count)
        let code = plain.withUnsafeMutableBufferPointer { output in
            packed.withUnsafeBufferPointer { input in
                uncompress2(output.baseAddress, &length, input.baseAddress, &used)
            }
        }
        return code == Z_OK && used == UInt(packed.count) ? Int(length) : nil
    }
}
