import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file to which every connection is written as it comes and goes, one JSON object in a line.
///
/// A line is handed to the kernel at once, so that the file is whole up to the moment at which the server is killed, and
/// a server that takes its place goes on in it.
final class ConnectionLog {
    /// How many lines one server writes.
    static let limit = 1_000_000

    private let descriptor: CInt
    private var lines = 0

    /// Opens the file, behind what is in it.
    ///
    /// - Throws: `PracticeServerError` with the code `logNotWritten`.
    init(_ path: String) throws(PracticeServerError) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            let reason = String(cString: strerror(errno))
            throw PracticeServerError(
                .logNotWritten,
                "The log \(path) cannot be opened: \(reason); see that its folder exists and is writable."
            )
        }
    }

    deinit { close(descriptor) }

    /// - Parameters:
    ///   - event: What happened.
    ///   - visitor: Whom it concerns; nil for the server itself.
    ///   - time: Milliseconds since 1970.
    ///   - details: Writes further members.
    func note(
        _ event: StaticString,
        _ visitor: Visitor?,
        at time: Int64,
        details: (inout EventWriter) -> Void = { _ in }
    ) {
        guard lines < Self.limit else { return }
        lines += 1
        var line = EventWriter(objectWithCapacity: 160)
        line.member("t", Int(time))
        line.member("event", lines == Self.limit ? "full" : event)
        if let visitor {
            line.member("connection", visitor.attempt)
            line.member("client", string: visitor.name)
        }
        details(&line)
        var bytes = line.finishObject()
        bytes.writeInteger(UInt8(ascii: "\n"))
        bytes.withUnsafeReadableBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            // A disk that is full costs the line; the server goes on.
            _ = write(descriptor, start, bytes.count)
        }
    }
}
