/// The graph of the dashboard: agents and types of artifacts, and who takes and makes what.
struct FlockGraph {
    /// Artifacts so far, by the place of their type in `FlockAgent.types`.
    private var artifacts = Array(repeating: 0, count: FlockAgent.types.count)
    /// Runs that are under way, by the place of their agent.
    private var running = Array(repeating: 0, count: FlockAgent.all.count)

    mutating func count(_ type: String) {
        guard let place = FlockAgent.types.firstIndex(of: type) else { return }
        artifacts[place] += 1
    }

    mutating func begin(_ agent: FlockAgent) {
        guard let place = FlockAgent.all.firstIndex(of: agent) else { return }
        running[place] += 1
    }

    mutating func end(_ agent: FlockAgent) {
        guard let place = FlockAgent.all.firstIndex(of: agent) else { return }
        running[place] -= 1
    }

    /// Writes `nodes` and `edges`.
    func write(to event: inout EventWriter) {
        event.beginArray("nodes")
        for (agent, runs) in zip(FlockAgent.all, running) {
            event.beginObject()
            event.member("id", string: agent.name)
            event.member("type", "agent")
            event.member("status", runs > 0 ? "running" : "idle")
            event.endObject()
        }
        for (type, count) in zip(FlockAgent.types, artifacts) {
            event.beginObject()
            event.member("id", string: type)
            event.member("type", "artifact")
            event.member("count", count)
            event.endObject()
        }
        event.endArray()
        event.beginArray("edges")
        for agent in FlockAgent.all {
            edge(agent.consumes, agent.name, to: &event)
            edge(agent.name, agent.produces, to: &event)
        }
        event.endArray()
    }

    private func edge(_ source: String, _ target: String, to event: inout EventWriter) {
        event.beginObject()
        event.member("source", string: source)
        event.member("target", string: target)
        event.endObject()
    }
}
