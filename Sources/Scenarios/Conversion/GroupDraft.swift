import Wire

/// A step to be written, as the JSON that it would be, and why it is there.
///
/// A time or a range of times is an object with the one member `$time`, in milliseconds.
struct StepDraft: Hashable {
    var step: JSONValue
    var comments: [String] = []

    init(_ members: [JSONValue.Member], comments: [String] = []) {
        step = .object(members)
        self.comments = comments
    }

    init(_ step: JSONValue, comments: [String] = []) {
        self.step = step
        self.comments = comments
    }

    /// `emit`, `await` …
    var kind: String { step.members?.first?.name ?? step.textValue ?? "" }

    subscript(name: String) -> JSONValue? {
        get { step[name] }
        set {
            guard var members = step.members else { return }
            if let place = members.firstIndex(where: { $0.name == name }) {
                if let newValue { members[place].value = newValue } else { members.remove(at: place) }
            } else if let newValue {
                members.append(.init(name, newValue))
            }
            step = .object(members)
        }
    }
}

/// A group of clients to be written.
struct GroupDraft: Hashable {
    struct Variable: Hashable {
        var name: String
        var value: JSONValue
        var comment: String?
    }

    var query: [JSONValue.Member] = []
    var headers: [JSONValue.Member] = []
    var auth: JSONValue?
    var path = "/"
    /// Where they are others than the frame's; nil and empty: they are not.
    var namespace: String?
    var transports: [String] = []
    var subprotocols: [String] = []
    var variables: [Variable] = []
    var handlers: [(event: String, step: JSONValue)] = []
    var flow: [StepDraft] = []
    var streams: [String] = []
    var plans: [String] = []
    /// Milliseconds.
    var length: Double = 0
    /// The environment's variables that stand for secrets.
    var environment: [String] = []

    static func == (left: Self, right: Self) -> Bool {
        left.flow == right.flow && left.variables == right.variables && left.path == right.path
            && left.query == right.query && left.auth == right.auth && left.headers == right.headers
            && left.handlers.map(\.event) == right.handlers.map(\.event)
    }

    func hash(into hasher: inout Hasher) { hasher.combine(flow) }
}

extension JSONValue {
    /// A time of so many milliseconds, or a range.
    static func time(_ lower: Double, _ upper: Double? = nil) -> JSONValue {
        .object([Member("$time", .array([.number(lower), .number(upper ?? lower)]))])
    }

    var time: (lower: Double, upper: Double)? {
        guard case .object(let members) = self, members.count == 1, members[0].name == "$time",
            let lower = members[0].value[0]?.numberValue, let upper = members[0].value[1]?.numberValue
        else { return nil }
        return (lower, upper)
    }
}
