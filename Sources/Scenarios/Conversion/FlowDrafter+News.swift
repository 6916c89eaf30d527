import Wire

/// What the server says of its own accord, which no step should wait for.
extension FlowDrafter {
    /// From one thing that the client does to the next.
    private struct Stretch {
        var act: Int
        /// The turn of what the client does next, or behind the last.
        var end: Int
        /// The turns of events in it that belong to nothing larger.
        var events: [Int]
    }

    private func stretches(_ taken: Set<Int>) -> [Stretch] {
        let acts = turns.indices.filter { turns[$0].isClients && !taken.contains($0) }
        return acts.enumerated().map { number, act in
            let end = number + 1 < acts.count ? acts[number + 1] : turns.count
            let events = (act + 1..<end).filter { !taken.contains($0) && turns[$0].received?.event != nil }
            return Stretch(act: act, end: end, events: events)
        }
    }

    private func names(_ events: [Int]) -> [String] { events.compactMap { turns[$0].received?.event } }

    /// Events that came only while the client just looked on, among others that are news: they are news as well.
    ///
    /// It looks on where it does nothing for a second or more, while many events come, most of them news.
    func watched(_ taken: Set<Int>) -> Set<String> {
        var watched: Set<String> = []
        var answered: Set<String> = []
        for stretch in stretches(taken) {
            let names = names(stretch.events)
            let time = turns[min(stretch.end, turns.count - 1)].time - turns[stretch.act].time
            if names.count >= 8, names.count(where: { handled.contains($0) }) * 2 >= names.count, time >= 1000 {
                watched.formUnion(names.dropFirst())
            } else {
                answered.formUnion(names)
            }
        }
        return watched.subtracting(answered)
    }

    /// Events that came after something that the client did once, and did not when it did the same again, while nothing
    /// that the client did waited for them: a server that sends them at times only.
    func uncertain(_ taken: Set<Int>) -> Set<String> {
        var sightings: [String: [Set<String>]] = [:]
        var triggers: Set<String> = []
        for stretch in stretches(taken) {
            if let act = Self.signature(turns[stretch.act]) {
                sightings[act, default: []].append(Set(names(stretch.events)))
            }
            // What came last before the client did the next thing may be why it did it.
            if stretch.end < turns.count, turns[stretch.end].act != .disconnect,
                let last = (stretch.act + 1..<stretch.end).last(where: { turns[$0].received != nil }),
                !taken.contains(last), let event = turns[last].received?.event
            {
                triggers.insert(event)
            }
        }
        var uncertain: Set<String> = []
        for seen in sightings.values where seen.count > 1 {
            let common = seen.dropFirst().reduce(seen[0]) { $0.intersection($1) }
            for names in seen { uncertain.formUnion(names.subtracting(common)) }
        }
        return uncertain.subtracting(triggers)
    }

    /// What the client did, without its values; nil for what it does not do twice in the same way.
    private static func signature(_ turn: Turn) -> String? {
        switch turn.act {
        case .sent(let said):
            "\(said.event ?? "") \((said.event == nil ? [said.whole ?? .null] : said.arguments).map(shape))"
        case .request(let exchange): "\(exchange.method) \(QueryText.path(exchange.path))"
        default: nil
        }
    }

    /// The names of the members, and what words they have that are no names of things.
    private static func shape(_ value: JSONValue) -> String {
        switch value {
        case .array(let elements): "[\(elements.first.map(shape) ?? "")]"
        case .object(let members): "{\(members.map { "\($0.name):\(shape($0.value))" }.joined(separator: ","))}"
        case .string: "s"
        case .bool(let flag): "\(flag)"
        case .integer(let number) where abs(number) < 10: "\(number)"
        case .integer, .number: "n"
        case .null: "0"
        }
    }
}
