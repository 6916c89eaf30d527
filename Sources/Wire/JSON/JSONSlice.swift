/// A JSON value that was located in a buffer, not yet decoded.
package struct JSONSlice: Hashable, Sendable {
    /// What the first byte says the value is.
    package enum Kind: Hashable, Sendable {
        case null, bool, number, string, array, object
    }

    package var kind: Kind
    /// The bytes of the value in the buffer it was located in, quotes and brackets included.
    package var range: Range<Int>

    package init(kind: Kind, range: Range<Int>) {
        self.kind = kind
        self.range = range
    }
}
