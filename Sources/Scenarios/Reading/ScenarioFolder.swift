import Foundation

/// The folder of a scenario: the only place where the files are that it may name.
struct ScenarioFolder: Sendable {
    private let path: String

    /// - Parameter file: The scenario's file.
    init(ofFile file: String) {
        guard let slash = file.lastIndex(of: "/") else {
            path = "."
            return
        }
        path = slash == file.startIndex ? "/" : String(file[..<slash])
    }

    /// Where a file below the folder lies, for diagnostics.
    func path(of name: String) -> String {
        path == "." ? name : path.hasSuffix("/") ? path + name : "\(path)/\(name)"
    }

    /// The bytes of a file below the folder.
    ///
    /// Links are followed before it is decided what lies below, so that none leads out.
    ///
    /// - Parameter limit: The most bytes that it may have.
    /// - Throws: Why it is not read, with a place in the text of the name.
    func bytes(of name: String, limit: Int) throws(TextProblem) -> [UInt8] {
        guard !name.hasPrefix("/"), !name.contains("\0") else {
            throw TextProblem(.file, "a scenario names only files below its own folder", at: 0, suggestion: Self.help)
        }
        guard let root = Self.realPath(of: path) else {
            throw TextProblem(.file, "the scenario's folder is not there, so that '\(name)' cannot be in it", at: 0)
        }
        guard let file = Self.realPath(of: path(of: name)) else {
            throw TextProblem(.file, "there is no file '\(name)' in the scenario's folder", at: 0)
        }
        guard file.hasPrefix(root.hasSuffix("/") ? root : root + "/") else {
            let message = "'\(name)' lies outside of the scenario's folder"
            throw TextProblem(.file, message, at: 0, suggestion: Self.help)
        }
        let type = try? FileManager.default.attributesOfItem(atPath: file)[.type] as? FileAttributeType
        guard type == .typeRegular else { throw TextProblem(.file, "'\(name)' is not a file with content", at: 0) }
        switch SourceFile.bytes(path: file, limit: limit) {
        case .success(let bytes):
            return bytes
        case .failure(.closed):
            throw TextProblem(.file, "'\(name)' cannot be opened", at: 0, suggestion: "look at who may read it")
        case .failure(.unreadable(let reason)):
            throw TextProblem(.file, "'\(name)' cannot be read: \(reason)", at: 0)
        case .failure(.tooLarge):
            throw TextProblem(.limit, "'\(name)' is larger than \(Amounts.text(ofSize: limit))", at: 0)
        }
    }

    private static let help = "put it below the folder of the scenario, and write its path from there"

    /// The path without links, or nil where nothing is there.
    private static func realPath(of path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
