/// Reads `rooms:`.
struct RoomsReader {
    let session: ReadingSession

    func rooms(_ node: SourceNode) -> Rooms? {
        guard let map = MapReader<RoomsKey>(node, "'rooms'", session) else { return nil }
        let count = map.required(.count).flatMap { _ in map.integer(.count) }
        let assignment = map.word(.assign, Rooms.Assignment.self) ?? .roundRobin
        return Rooms(count: count ?? 1, assignment: assignment)
    }
}
