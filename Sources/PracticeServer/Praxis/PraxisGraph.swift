import NIOCore
import Wire

/// The nodes and edges of a workflow, as a client sends them.
struct PraxisGraph {
    let nodesText: ByteBuffer
    let edgesText: ByteBuffer
    /// In an order that no edge contradicts; in the client's where there is a fault.
    private(set) var nodes: [PraxisWorkflow.Node]
    /// Why the workflow cannot run; nil where it can.
    private(set) var fault: String?

    /// Nil where nodes or edges are no lists of what they should be, or too many.
    init?(_ payload: JSONPayload) {
        guard let nodesText = Self.text(payload, "nodes"), let edgesText = Self.text(payload, "edges"),
            case .array(let nodeValues)? = Self.value(nodesText), nodeValues.count <= PraxisWorkflow.nodeLimit,
            case .array(let edgeValues)? = Self.value(edgesText),
            edgeValues.count <= PraxisWorkflow.edgeLimit
        else { return nil }
        var nodes: [PraxisWorkflow.Node] = []
        for value in nodeValues {
            guard let node = Self.node(value) else { return nil }
            nodes.append(node)
        }
        var edges: [(from: String, to: String)] = []
        for value in edgeValues {
            guard case .string(let from)? = value["from"] ?? value["source"],
                case .string(let to)? = value["to"] ?? value["target"]
            else { return nil }
            edges.append((from, to))
        }
        self.nodesText = nodesText
        self.edgesText = edgesText
        self.nodes = nodes
        switch Self.sorted(nodes, edges) {
        case .success(let sorted): self.nodes = sorted
        case .failure(let unsortable): fault = unsortable.reason
        }
    }

    private struct Unsortable: Error {
        var reason: String
    }

    private static func text(_ payload: JSONPayload, _ name: StaticString) -> ByteBuffer? {
        guard let member = payload.member(name) else { return ByteBuffer(string: "[]") }
        return member.text
    }

    private static func value(_ text: ByteBuffer) -> JSONValue? {
        try? JSONValue(parsing: Array(text.readableBytesView))
    }

    private static func node(_ value: JSONValue) -> PraxisWorkflow.Node? {
        guard case .string(let id)? = value["id"], !id.isEmpty else { return nil }
        guard case .string(let type)? = value["type"] else { return .init(id: id, tool: nil, fails: false) }
        var tool: String?
        if type == "tool" {
            if case .string(let name)? = value["tool"] { tool = name } else { tool = id }
        }
        return .init(id: id, tool: tool, fails: type == "fail")
    }

    /// The nodes so that each comes after those that it depends on, otherwise as the client listed them.
    private static func sorted(
        _ nodes: [PraxisWorkflow.Node],
        _ edges: [(from: String, to: String)]
    ) -> Result<[PraxisWorkflow.Node], Unsortable> {
        let ids = Set(nodes.map(\.id))
        if ids.count < nodes.count { return .failure(Unsortable(reason: "Two nodes have the same id")) }
        for edge in edges {
            guard let stranger = [edge.from, edge.to].first(where: { !ids.contains($0) }) else { continue }
            return .failure(Unsortable(reason: "There is no node \(stranger)"))
        }
        var sorted: [PraxisWorkflow.Node] = []
        var done: Set<String> = []
        while sorted.count < nodes.count {
            let next = nodes.first { node in
                !done.contains(node.id) && edges.allSatisfy { $0.to != node.id || done.contains($0.from) }
            }
            guard let next else { return .failure(Unsortable(reason: "The edges go round in a circle")) }
            done.insert(next.id)
            sorted.append(next)
        }
        return .success(sorted)
    }
}
