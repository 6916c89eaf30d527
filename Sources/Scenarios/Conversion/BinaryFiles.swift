import NIOCore

/// The files that a scenario's `binary:` names: what is the same is one file.
struct BinaryFiles: Hashable {
    private(set) var files: [Converter.File] = []
    private let folder: String
    private var names: [ByteBuffer: String] = [:]

    /// - Parameter scenario: The scenario's name; the files lie in a folder that is named after it.
    init(scenario: String) {
        let simple = scenario.unicodeScalars.map { scalar in
            let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
            return isPlain || scalar == "-" || scalar == "_" ? String(scalar) : "-"
        }
        folder = "\(simple.joined()).files"
    }

    /// The file that has these bytes.
    mutating func name(of bytes: ByteBuffer) -> String {
        if let name = names[bytes] { return name }
        let name = "\(folder)/\(files.count + 1).bin"
        names[bytes] = name
        files.append(Converter.File(name: name, bytes: Array(bytes.readableBytesView)))
        return name
    }
}
