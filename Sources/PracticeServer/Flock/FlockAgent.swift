/// An agent of the practice flock: which type of artifact it takes, and which it makes of it.
struct FlockAgent: Hashable, Sendable {
    let name: String
    let consumes: String
    let produces: String

    /// The one of the document, and the one of the server that the interop tests run.
    static let all = [
        FlockAgent(name: "pizza_master", consumes: "PizzaOrder", produces: "Pizza"),
        FlockAgent(name: "echo", consumes: "Note", produces: "Reply"),
    ]

    /// All types of artifacts, in the order of the graph.
    static let types = all.flatMap { [$0.consumes, $0.produces] }

    /// The type without the Python module that may stand before it; nil where nobody knows the type.
    static func type(_ name: String) -> String? {
        let bare = name.split(separator: ".", omittingEmptySubsequences: false).last.map(String.init)
        return types.first { $0 == bare }
    }

    /// Who takes this type; nil where nobody does.
    static func consuming(_ type: String) -> FlockAgent? {
        all.first { $0.consumes == type }
    }
}
