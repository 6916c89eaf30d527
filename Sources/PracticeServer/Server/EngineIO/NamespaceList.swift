import Wire

/// The namespaces of a dialect, in the forms in which they are needed.
///
/// A class, so that all sessions share one.
final class NamespaceList: Sendable {
    let names: [SocketIONamespace]
    private let bytes: [[UInt8]]

    /// - Parameter names: With their slash; one that cannot be written stands for the main one.
    init(_ names: [String]) {
        self.names = names.map { SocketIONamespace($0) ?? .main }
        bytes = names.map { Array($0.utf8) }
    }

    /// The place of the name in this range; without a range, that of the main namespace.
    func place(of range: Range<Int>?, in packet: UnsafeRawBufferPointer) -> Int? {
        guard let range else { return bytes.firstIndex { $0.count == 1 } }
        return bytes.firstIndex { $0.elementsEqual(packet[range]) }
    }
}
