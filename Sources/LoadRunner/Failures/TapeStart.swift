/// The first records of a tape, up to a size.
///
/// Its memory grows with what comes, so that a client that says little costs little.
struct TapeStart: ~Copyable {
    private static let smallest = 512

    private let limit: Int
    private var bytes: UnsafeMutableRawPointer?
    private var capacity = 0
    private(set) var count = 0
    /// Something has not fitted, and nothing comes behind it.
    private(set) var isFull = false

    /// - Parameter limit: Bytes that it may have.
    init(limit: Int) {
        self.limit = limit
    }

    deinit { bytes?.deallocate() }

    /// Appends a record.
    ///
    /// - Parameter content: The message, whole; nil for an entry, whose place it only holds.
    /// - Returns: False where it does not fit as a whole; nothing does any more then.
    mutating func append(_ record: TapeRecord, _ content: UnsafeRawBufferPointer?) -> Bool {
        let size = Int(record.size)
        let needed = count + TapeRecord.length + size
        guard !isFull, needed <= limit, let bytes = reserve(needed) else {
            isFull = true
            return false
        }
        var record = record
        record.kept = record.size
        let place = bytes + count
        withUnsafeBytes(of: record) {
            UnsafeMutableRawBufferPointer(start: place, count: TapeRecord.length).copyMemory(from: $0)
        }
        let body = UnsafeMutableRawBufferPointer(start: place + TapeRecord.length, count: size)
        if let content {
            body.copyMemory(from: content)
        } else {
            _ = body.initializeMemory(as: UInt8.self, repeating: 0)
        }
        count = needed
        return true
    }

    /// What it has.
    func copy() -> [UInt8] {
        Array(UnsafeRawBufferPointer(start: bytes, count: count))
    }

    /// Gives its memory back; nothing is appended any more.
    mutating func release() {
        bytes?.deallocate()
        (bytes, capacity, count, isFull) = (nil, 0, 0, true)
    }

    private mutating func reserve(_ needed: Int) -> UnsafeMutableRawPointer? {
        if let bytes, needed <= capacity { return bytes }
        let larger = min(limit, max(Self.smallest, needed, capacity * 2))
        let memory = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 8)
        if let bytes {
            memory.copyMemory(from: bytes, byteCount: count)
            bytes.deallocate()
        }
        (bytes, capacity) = (memory, larger)
        return memory
    }
}
