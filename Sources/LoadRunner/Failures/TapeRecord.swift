/// What stands before each thing on a client's tape.
struct TapeRecord: BitwiseCopyable, Hashable {
    /// What it is.
    struct Kind: OptionSet, BitwiseCopyable, Hashable {
        let rawValue: UInt8

        /// From the client; otherwise from the server.
        static let out = Kind(rawValue: 1)
        static let binary = Kind(rawValue: 2)
        static let polling = Kind(rawValue: 4)
        /// No message: its bytes only hold the place of the next of the tape's entries.
        static let entry = Kind(rawValue: 8)
    }

    /// Nanoseconds since the client's start.
    var time: Int64
    /// Bytes of the message.
    var size: UInt32
    /// Bytes of it that follow: all, or its beginning.
    var kept: UInt32 = 0
    /// From 1 up; 0 for what belongs to none.
    var connection: UInt16
    var kind: Kind

    /// Bytes that it takes itself.
    static var length: Int { MemoryLayout<TapeRecord>.size }

    init(_ kind: Kind, size: Int, connection: UInt16 = 1, time: Int64 = 0) {
        self.kind = kind
        self.size = UInt32(clamping: size)
        self.connection = connection
        self.time = time
    }

    var isEntry: Bool { kind.contains(.entry) }
    var isTruncated: Bool { kept < size }

    /// Calls the closure with each record of a tape's bytes, and where its content stands in them.
    static func forEach(in bytes: [UInt8], _ body: (TapeRecord, Range<Int>) -> Void) {
        var at = 0
        while at + length <= bytes.count {
            var record = TapeRecord([], size: 0)
            withUnsafeMutableBytes(of: &record) { record in
                bytes.withUnsafeBytes { record.copyBytes(from: $0[at..<(at + length)]) }
            }
            let end = at + length + Int(record.kept)
            guard end <= bytes.count else { return }
            body(record, (at + length)..<end)
            at = end
        }
    }
}
