/// The name of a namespace: `/`, or a slash and more.
package struct SocketIONamespace: Hashable, Sendable {
    /// The UTF-8 of the name; empty for the main namespace, which packets leave out.
    let bytes: [UInt8]

    /// The main namespace.
    package static var main: Self { Self(bytes: []) }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Nil where the name cannot be written: a comma would end it, and a control character has no place in it.
    ///
    /// A missing slash at the start is added.
    package init?(_ name: String) {
        guard name.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: ",") }) else { return nil }
        if name.isEmpty || name == "/" {
            bytes = []
        } else {
            bytes = Array((name.utf8.first == UInt8(ascii: "/") ? name : "/" + name).utf8)
        }
    }

    package var isMain: Bool {
        bytes.isEmpty
    }

    package var name: String {
        isMain ? "/" : String(decoding: bytes, as: UTF8.self)
    }
}
