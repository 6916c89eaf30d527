import NIOCore
import Wire

/// Takes typed members out of a line, and says which one is not as it should be.
struct RecordingMembers {
    let tree: JSONValue

    init(_ tree: JSONValue) throws(RecordingProblem) {
        guard case .object = tree else { throw RecordingProblem(.wrongType, "a line has to be a JSON object") }
        self.tree = tree
    }

    func text(_ name: String) throws(RecordingProblem) -> String {
        guard let text = try textIfPresent(name) else { throw missing(name) }
        return text
    }

    func textIfPresent(_ name: String) throws(RecordingProblem) -> String? {
        switch tree[name] {
        case nil, .null?: return nil
        case .string(let text)?: return text
        default: throw RecordingProblem(.wrongType, "\"\(name)\" has to be a text", member: name)
        }
    }

    func integerIfPresent(_ name: String, upTo limit: Int = .max) throws(RecordingProblem) -> Int? {
        switch tree[name] {
        case nil, .null?: return nil
        case .integer(let number)? where number >= 0 && number <= limit: return number
        default:
            throw RecordingProblem(.wrongType, "\"\(name)\" has to be a whole number from 0 up", member: name)
        }
    }

    func integer(_ name: String, upTo limit: Int = .max) throws(RecordingProblem) -> Int {
        guard let number = try integerIfPresent(name, upTo: limit) else { throw missing(name) }
        return number
    }

    /// Milliseconds.
    func time(_ name: String) throws(RecordingProblem) -> Duration {
        guard let time = try timeIfPresent(name) else { throw missing(name) }
        return time
    }

    func timeIfPresent(_ name: String) throws(RecordingProblem) -> Duration? {
        let milliseconds: Double
        switch tree[name] {
        case nil, .null?: return nil
        case .integer(let number)?: milliseconds = Double(number)
        case .number(let number)?: milliseconds = number
        default: throw RecordingProblem(.wrongType, "\"\(name)\" has to be a number", member: name)
        }
        // Some thirty years.
        guard milliseconds >= 0, milliseconds <= 1e12 else {
            throw RecordingProblem(.badValue, "\"\(name)\" has to be from 0 to 1e12 milliseconds", member: name)
        }
        return .microseconds(Int64((milliseconds * 1000).rounded()))
    }

    func texts(_ name: String) throws(RecordingProblem) -> [String] {
        guard let list = tree[name] else { return [] }
        let problem = RecordingProblem(.wrongType, "\"\(name)\" has to be a list of texts", member: name)
        guard case .array(let elements) = list else { throw problem }
        var texts: [String] = []
        for element in elements {
            guard case .string(let text) = element else { throw problem }
            texts.append(text)
        }
        return texts
    }

    /// Pairs of name and value.
    func headers(_ name: String) throws(RecordingProblem) -> [RecordedHeader] {
        guard let list = tree[name] else { return [] }
        let problem = RecordingProblem(
            .wrongType,
            "\"\(name)\" has to be a list of pairs",
            member: name,
            suggestion: "write [[\"Origin\", \"https://shop.example\"]]"
        )
        guard case .array(let elements) = list else { throw problem }
        var headers: [RecordedHeader] = []
        for element in elements {
            guard case .array(let pair) = element, pair.count == 2, case .string(let name) = pair[0],
                case .string(let value) = pair[1]
            else { throw problem }
            headers.append(RecordedHeader(name, value))
        }
        return headers
    }

    /// `kind`, `data` and `truncated` of this object.
    func body(_ outer: String? = nil) throws(RecordingProblem) -> RecordedBody {
        do throws(RecordingProblem) {
            let data = try text("data")
            let fullSize = try integerIfPresent("truncated")
            switch try text("kind") {
            case "text":
                return RecordedBody(bytes: ByteBuffer(string: data), isBinary: false, fullSize: fullSize)
            case "binary":
                var bytes = ByteBuffer()
                var data = data
                guard data.withUTF8({ Base64.decode(UnsafeRawBufferPointer($0), to: &bytes) }) else {
                    throw RecordingProblem(.badValue, "\"data\" is no base64", member: "data")
                }
                return RecordedBody(bytes: bytes, isBinary: true, fullSize: fullSize)
            default:
                throw RecordingProblem(
                    .badValue,
                    "\"kind\" is neither \"text\" nor \"binary\"",
                    member: "kind"
                )
            }
        } catch {
            var problem = error
            if let outer { problem.member = outer }
            throw problem
        }
    }

    func bodyIfPresent(_ name: String) throws(RecordingProblem) -> RecordedBody? {
        guard let tree = tree[name], tree != .null else { return nil }
        guard case .object = tree else {
            throw RecordingProblem(.wrongType, "\"\(name)\" has to be an object", member: name)
        }
        return try RecordingMembers(tree).body(name)
    }

    private func missing(_ name: String) -> RecordingProblem {
        RecordingProblem(.missing, "\"\(name)\" is missing")
    }
}
