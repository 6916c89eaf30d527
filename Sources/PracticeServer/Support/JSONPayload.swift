import NIOCore
import Wire

/// A JSON value that a client sent, in the bytes that it came in.
struct JSONPayload {
    private let bytes: ByteBuffer
    /// Counted from the first readable byte; nil where there is no value.
    private let root: JSONSlice?

    /// No value at all.
    static let absent = JSONPayload(bytes: ByteBuffer(), root: nil)

    /// - Parameter root: A value that was found valid, counted from the buffer's first readable byte.
    init(bytes: ByteBuffer, root: JSONSlice?) {
        self.bytes = bytes
        self.root = root
    }

    /// The whole buffer as one value; nil where it is not valid JSON.
    init?(validating bytes: ByteBuffer) {
        let root = bytes.withUnsafeReadableBytes { bytes in
            try? JSONScanner.validate(bytes, range: 0..<bytes.count)
        }
        guard let root else { return nil }
        self.init(bytes: bytes, root: root)
    }

    /// How many bytes the value takes.
    var count: Int { root?.range.count ?? 0 }

    var isObject: Bool { root?.kind == .object }

    /// The value itself where it is a string.
    var string: String? {
        guard let root else { return nil }
        return bytes.withUnsafeReadableBytes { JSONScanner.string(of: root, in: $0) }
    }

    /// The member with this name where it is a string.
    func string(_ name: StaticString) -> String? {
        read(name) { JSONScanner.string(of: $0, in: $1) }
    }

    /// The member with this name where it is a bool.
    func bool(_ name: StaticString) -> Bool? {
        read(name) { JSONScanner.bool(of: $0, in: $1) }
    }

    /// The member with this name where it is a whole number that fits.
    func integer(_ name: StaticString) -> Int? {
        read(name) { JSONScanner.integer(of: $0, in: $1) }
    }

    /// The member with this name.
    func member(_ name: StaticString) -> JSONPayload? {
        read(name) { slice, _ in slice }.map { JSONPayload(bytes: bytes, root: $0) }
    }

    /// The value as it was written; nil where there is none.
    var text: ByteBuffer? {
        guard let root else { return nil }
        return bytes.getSlice(at: bytes.readerIndex + root.range.lowerBound, length: root.range.count)
    }

    /// What kind of value the member with this name is; nil where there is none.
    func kind(_ name: StaticString) -> JSONSlice.Kind? {
        read(name) { slice, _ in slice.kind }
    }

    private func read<Value>(
        _ name: StaticString,
        _ value: (JSONSlice, UnsafeRawBufferPointer) -> Value?
    ) -> Value? {
        guard let root else { return nil }
        return bytes.withUnsafeReadableBytes { bytes in
            name.withUTF8Buffer { name in
                JSONScanner.member(named: UnsafeRawBufferPointer(name), of: root, in: bytes)
            }.flatMap { value($0, bytes) }
        }
    }
}
