/// The last records of a tape: as many as its size holds, the oldest fall out.
///
/// A message goes in by two copies at the most of its record and of its bytes; nothing else is made of it. The memory
/// comes with the first record and stays the same.
struct TapeRing: ~Copyable {
    /// What fell out.
    struct Fallen: Hashable {
        var messages = 0
        var bytes = 0
        var entries = 0
    }

    let capacity: Int
    private(set) var fallen = Fallen()
    private var bytes: UnsafeMutableRawPointer?
    /// Where the oldest record stands.
    private var first = 0
    private var used = 0

    /// - Parameter capacity: Bytes, records included; more than one record needs.
    init(capacity: Int) {
        precondition(capacity > TapeRecord.length)
        self.capacity = capacity
    }

    deinit { bytes?.deallocate() }

    /// Appends a record; of what is larger than the whole ring, the beginning.
    ///
    /// - Parameter content: The message; nil for an entry, whose place it only holds.
    mutating func append(_ record: TapeRecord, _ content: UnsafeRawBufferPointer?) {
        let bytes = memory()
        let kept = min(Int(record.size), capacity - TapeRecord.length)
        let needed = TapeRecord.length + kept
        while used + needed > capacity { dropFirst(bytes) }
        var record = record
        record.kept = UInt32(truncatingIfNeeded: kept)
        withUnsafeBytes(of: record) { write($0.baseAddress, TapeRecord.length, at: used, bytes) }
        write(content?.baseAddress, kept, at: used + TapeRecord.length, bytes)
        used += needed
    }

    /// What it has, the oldest first.
    func copy() -> [UInt8] {
        guard let bytes else { return [] }
        let behind = min(used, capacity - first)
        return Array(UnsafeRawBufferPointer(start: bytes + first, count: behind))
            + Array(UnsafeRawBufferPointer(start: bytes, count: used - behind))
    }

    /// Gives its memory back.
    mutating func release() {
        bytes?.deallocate()
        (bytes, first, used) = (nil, 0, 0)
    }

    private mutating func memory() -> UnsafeMutableRawPointer {
        if let bytes { return bytes }
        let memory = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 8)
        bytes = memory
        return memory
    }

    /// Writes so many bytes behind the oldest record's place, around the end where they reach it; zeros from nowhere.
    private func write(
        _ source: UnsafeRawPointer?,
        _ count: Int,
        at offset: Int,
        _ bytes: UnsafeMutableRawPointer
    ) {
        let place = wrapped(first + offset)
        let behind = min(count, capacity - place)
        guard let source else {
            (bytes + place).initializeMemory(as: UInt8.self, repeating: 0, count: behind)
            bytes.initializeMemory(as: UInt8.self, repeating: 0, count: count - behind)
            return
        }
        (bytes + place).copyMemory(from: source, byteCount: behind)
        if count > behind { bytes.copyMemory(from: source + behind, byteCount: count - behind) }
    }

    private mutating func dropFirst(_ bytes: UnsafeMutableRawPointer) {
        var record = TapeRecord([], size: 0)
        let behind = min(TapeRecord.length, capacity - first)
        withUnsafeMutableBytes(of: &record) { record in
            record.copyMemory(from: UnsafeRawBufferPointer(start: bytes + first, count: behind))
            if behind < TapeRecord.length {
                let rest = UnsafeRawBufferPointer(start: bytes, count: TapeRecord.length - behind)
                UnsafeMutableRawBufferPointer(rebasing: record[behind...]).copyMemory(from: rest)
            }
        }
        if record.isEntry {
            fallen.entries += 1
        } else {
            fallen.messages += 1
            fallen.bytes += Int(record.size)
        }
        let length = TapeRecord.length + Int(record.kept)
        first = wrapped(first + length)
        used -= length
    }

    private func wrapped(_ place: Int) -> Int {
        place < capacity ? place : place - capacity
    }
}
