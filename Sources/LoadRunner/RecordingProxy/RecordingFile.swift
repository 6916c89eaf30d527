package import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file of lines that grows, and is whole up to its last line whatever happens to the process.
///
/// Each line is appended by one write(2): a process that is killed loses at most the line it was writing.
package final class RecordingFile {
    package let path: String
    /// Bytes that it may have.
    private let limit: Int
    private var descriptor: CInt
    package private(set) var size = 0
    /// Why it takes no more lines, in a sentence.
    package private(set) var end: String?

    /// Makes the file.
    ///
    /// - Parameter replaces: Whether one that is there is written over.
    /// - Throws: `RecordingProxyError`.
    package init(path: String, replaces: Bool, limit: Int) throws(RecordingProxyError) {
        self.path = path
        self.limit = limit
        let mode = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | (replaces ? O_TRUNC : O_EXCL)
        // What people say to each other is nobody else's business.
        descriptor = open(path, mode, 0o600)
        guard descriptor >= 0 else {
            if errno == EEXIST {
                throw RecordingProxyError("\(path) is there already; name another file, or write over it with --force")
            }
            throw RecordingProxyError("cannot write \(path): \(String(cString: strerror(errno)))")
        }
    }

    deinit {
        if descriptor >= 0 { _ = Self.closeFile(descriptor) }
    }

    /// Appends a line, with its end.
    ///
    /// - Returns: Whether it was written; where not, `end` says why, and nothing is written any more.
    @discardableResult
    package func append(_ bytes: ByteBuffer) -> Bool {
        guard end == nil, descriptor >= 0 else { return false }
        guard bytes.readableBytes <= limit - size else {
            end = "it has reached the size that --max-size allows"
            return false
        }
        let error = write(bytes)
        if let error {
            end = String(cString: strerror(error))
            // What there is of the line goes, so that the file ends with a whole one.
            _ = ftruncate(descriptor, off_t(size))
            return false
        }
        size += bytes.readableBytes
        return true
    }

    /// Brings the file to the disk and closes it.
    package func close() {
        guard descriptor >= 0 else { return }
        _ = fsync(descriptor)
        _ = Self.closeFile(descriptor)
        descriptor = -1
    }

    /// - Returns: The error number where not all was written.
    private func write(_ bytes: ByteBuffer) -> CInt? {
        bytes.withUnsafeReadableBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Self.writeFile(descriptor, UnsafeRawBufferPointer(rebasing: rest))
                if count < 0 {
                    if errno == EINTR { continue }
                    return errno
                }
                rest = rest.dropFirst(count)
            }
            return nil
        }
    }

    // The system's functions have the names of methods here.
    private static func closeFile(_ descriptor: CInt) -> CInt {
        #if canImport(Glibc)
            Glibc.close(descriptor)
        #else
            Darwin.close(descriptor)
        #endif
    }

    private static func writeFile(_ descriptor: CInt, _ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Glibc)
            Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        #else
            Darwin.write(descriptor, bytes.baseAddress, bytes.count)
        #endif
    }
}
