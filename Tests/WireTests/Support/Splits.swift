import NIOCore

/// The ways to cut an input in pieces: whole, in two at every place, byte by byte, and some random ones.
func splits(of bytes: [UInt8], seed: UInt64 = 1) -> [[ArraySlice<UInt8>]] {
    var generator = SeededGenerator(seed: seed)
    var all: [[ArraySlice<UInt8>]] = [[bytes[...]], bytes.indices.map { bytes[$0...$0] }]
    for place in bytes.indices.dropFirst() {
        all.append([bytes[..<place], bytes[place...]])
    }
    for _ in 0..<8 {
        var pieces: [ArraySlice<UInt8>] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...7, using: &generator))
            pieces.append(piece)
            rest = rest.dropFirst(piece.count)
        }
        all.append(pieces)
    }
    return all
}
