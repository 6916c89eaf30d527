import Wire

/// Finds chunked replies: events of one name whose index counts up, or which share a key, and an event that ends them.
struct StreamFinder {
    private let turns: [Turn]
    /// The numbers of the turns that are events of each name.
    private var places: [String: [Int]] = [:]
    private var names: [String] = []

    init(_ turns: [Turn]) {
        self.turns = turns
        for (place, turn) in turns.enumerated() {
            guard let name = turn.received?.event else { continue }
            if places[name] == nil { names.append(name) }
            places[name, default: []].append(place)
        }
    }

    func streams() -> [FoundStream] {
        var found: [FoundStream] = []
        var taken: Set<Int> = []
        for name in names {
            guard let all = places[name], all.count > 1 else { continue }
            let streams = streams(of: name, all.filter { !taken.contains($0) })
            for stream in streams { taken.formUnion(stream.chunks + [stream.done]) }
            found += streams
        }
        return found.sorted { $0.chunks[0] < $1.chunks[0] }
    }

    private func streams(of name: String, _ all: [Int]) -> [FoundStream] {
        guard all.count > 1 else { return [] }
        let fields = fields(all)
        let index = fields.first { counts(all, $0) }
        let keys = fields.filter { path in
            path != index && isKey(path, all, hasIndex: index != nil)
        }
        var best: [FoundStream] = []
        for key in keys.map(Optional.some) + (index == nil ? [] : [nil]) {
            let groups = groups(all, key, index)
            guard groups.contains(where: { $0.count > 1 }) else { continue }
            // What tells the most streams apart is the key: an agent's id stays the same over many.
            if let streams = streams(of: name, groups, key, index, fields), streams.count > best.count {
                best = streams
            }
        }
        return best
    }

    private func streams(
        of name: String,
        _ groups: [[Int]],
        _ key: [String]?,
        _ index: [String]?,
        _ fields: [[String]]
    ) -> [FoundStream]? {
        var ends: [Int] = []
        let flag = fields.first { path in
            groups.allSatisfy { group in
                group.enumerated().allSatisfy { place, turn in
                    value(turn, path) == .bool(place == group.count - 1)
                }
            }
        }
        var form = FoundStream.Form(name: Self.name(name), chunk: name, done: name, flag: flag, key: key, index: index)
        var whole: [[Int]] = []
        if flag != nil {
            whole = groups
            ends = groups.compactMap(\.last)
        } else {
            guard let done = endName(groups, key) else { return nil }
            form.done = done
            for group in groups {
                // A stream that the recording's end has cut has none.
                guard let end = end(of: group, done, key) else { continue }
                whole.append(group)
                ends.append(end)
            }
        }
        // What only shares a key needs an end that says so, or it is just a series of news.
        let isNamed = Self.meansPart(name) && Self.meansEnd(form.done)
        guard !whole.isEmpty, index != nil || flag != nil || isNamed else { return nil }
        (form.text, form.final) = texts(whole, ends, form, fields)
        return zip(whole, ends).map { FoundStream(form: form, chunks: $0, done: $1) }
    }

    /// The event after most of the groups that has their key, or, where there is none, means an end by its name.
    private func endName(_ groups: [[Int]], _ key: [String]?) -> String? {
        var votes: [String: Int] = [:]
        for group in groups {
            let next = turns.indices.dropFirst((group.last ?? 0) + 1).first { place in
                guard let said = turns[place].received, let event = said.event, event != turns[group[0]].received?.event
                else { return false }
                guard let key else { return Self.meansEnd(event) }
                return value(place, key) == value(group[0], key) && value(place, key) != nil
            }
            if let next, let event = turns[next].received?.event { votes[event, default: 0] += 1 }
        }
        return votes.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    }

    private func end(of group: [Int], _ done: String, _ key: [String]?) -> Int? {
        places[done]?.first { place in
            place > group[group.count - 1] && (key == nil || value(place, key ?? []) == value(group[0], key ?? []))
        }
    }

    /// The field of the chunks and that of the end which have the same text.
    private func texts(
        _ groups: [[Int]],
        _ ends: [Int],
        _ form: FoundStream.Form,
        _ fields: [[String]]
    ) -> (text: [String]?, final: [String]?) {
        guard form.flag == nil, let group = groups.first, let end = ends.first else { return (nil, nil) }
        let ordered = group.enumerated().sorted { one, other in
            let first = form.index.flatMap { value(one.element, $0)?.numberValue } ?? 0
            let second = form.index.flatMap { value(other.element, $0)?.numberValue } ?? 0
            return (first, one.offset) < (second, other.offset)
        }
        .map(\.element)
        for field in fields where field != form.key {
            let joined = ordered.compactMap { value($0, field)?.textValue }.joined()
            guard !joined.isEmpty, let data = turns[end].received?.data else { continue }
            if let final = data.leaves.first(where: { $0.value == .string(joined) && PathNames.canSay($0.path) }) {
                return (field, final.path)
            }
        }
        return (nil, nil)
    }
}

extension StreamFinder {
    /// The scalar fields that all of these events have, of the data and, of a framed message, around it.
    private func fields(_ all: [Int]) -> [[String]] {
        guard let first = all.first.flatMap({ turns[$0].received }) else { return [] }
        var fields = first.data.leaves.map(\.path).filter { $0.count <= 3 && !$0.isEmpty }
        if let whole = first.whole, whole != first.data {
            fields += (whole.members ?? []).filter(\.value.isScalar).map { ["$", $0.name] }
        }
        return fields.filter { path in PathNames.canSay(path) && all.allSatisfy { value($0, path) != nil } }
    }

    private func value(_ place: Int, _ path: [String]) -> JSONValue? {
        turns[place].received?.value(at: path)
    }

    /// Whether a field counts 0, 1, 2 …, perhaps several times, mostly in order.
    private func counts(_ all: [Int], _ path: [String]) -> Bool {
        var previous: Int?
        var starts = 0
        var steps = 0
        for place in all {
            guard case .integer(let number)? = value(place, path), number >= 0 else { return false }
            if previous == nil, number != 0 { return false }
            if number == 0 { starts += 1 } else if number - 1 == previous { steps += 1 }
            previous = number
        }
        // What is 0 nearly always is no index.
        return (starts + steps) * 3 >= all.count * 2 && steps >= starts
    }

    private func isKey(_ path: [String], _ all: [Int], hasIndex: Bool) -> Bool {
        guard let name = path.last, all.allSatisfy({ value($0, path)?.textValue?.isEmpty == false }) else {
            return false
        }
        return Identity.isNaming(name) || hasIndex && Identity.isPeculiar(value(all[0], path)?.textValue ?? "")
    }

    /// The events of each stream.
    private func groups(_ all: [Int], _ key: [String]?, _ index: [String]?) -> [[Int]] {
        var groups: [[Int]] = []
        if let key {
            var byKey: [JSONValue: Int] = [:]
            for place in all {
                guard let value = value(place, key) else { continue }
                if let group = byKey[value] {
                    groups[group].append(place)
                } else {
                    byKey[value] = groups.count
                    groups.append([place])
                }
            }
            return groups
        }
        for place in all {
            if groups.isEmpty || index.flatMap({ value(place, $0) }) == .integer(0) { groups.append([]) }
            groups[groups.count - 1].append(place)
        }
        return groups
    }

    static func meansEnd(_ name: String) -> Bool {
        let name = name.lowercased()
        return ["done", "complete", "finish", "end", "result", "success", "stop", "final"].contains {
            name.contains($0)
        }
    }

    private static func meansPart(_ name: String) -> Bool {
        let name = name.lowercased()
        return ["chunk", "progress", "delta", "partial", "stream", "output", "token", "part"].contains {
            name.contains($0)
        }
    }

    /// `message_chunk` → `message`.
    private static func name(_ event: String) -> String {
        var words = ScenarioNames.snake(event).split(separator: "_").map(String.init)
        let filler: Set<String> = [
            "chunk", "chunks", "delta", "part", "token", "stream", "streaming", "progress", "partial",
        ]
        words.removeAll { filler.contains($0) }
        return ScenarioNames.metric(words.isEmpty ? "reply" : words.joined(separator: "_"))
    }
}

extension Said {
    /// The value at a path as a scenario writes it; `$` is the whole message.
    func value(at path: [String]) -> JSONValue? {
        if path.first == "$" { return whole?.value(at: Array(path.dropFirst())) }
        if path.first == "args", path.count > 1, let place = Int(path[1]), arguments.indices.contains(place) {
            return arguments[place].value(at: Array(path.dropFirst(2)))
        }
        return data.value(at: path)
    }
}
