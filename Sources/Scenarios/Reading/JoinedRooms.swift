/// The rooms that steps join, as far as the file writes their names out.
struct JoinedRooms {
    /// In the order of the file.
    private(set) var names: [String] = []
    /// Some step joins the room that `rooms:` assigns.
    private(set) var hasAssigned = false
    /// Some step joins a room whose name comes from the run or the environment, so that it may be any.
    private(set) var isOpen = false

    mutating func note(_ room: RoomName) {
        switch room {
        case .assigned: hasAssigned = true
        case .template(let template):
            switch template.form {
            case .literal(let value): note(value.plainText)
            case .number(let text): note(text)
            case .text, .expression, .list, .object: isOpen = true
            }
        }
    }

    private mutating func note(_ name: String) {
        if !names.contains(name) { names.append(name) }
    }
}
