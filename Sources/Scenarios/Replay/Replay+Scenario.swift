extension Replay {
    /// How it is to be played.
    package struct Playing: Hashable, Sendable {
        package var clients: Int
        package var speed: Double
        package var tolerance: Duration
        /// The clients start over this long.
        package var ramp: Duration

        package init(
            clients: Int = 1,
            speed: Double = 1,
            tolerance: Duration = .milliseconds(100),
            ramp: Duration = .seconds(1)
        ) {
            self.clients = clients
            self.speed = speed
            self.tolerance = tolerance
            self.ramp = ramp
        }
    }

    /// Bytes and values of the text; a recording may hold more than a person would write.
    private static let limits = SourceTree.Limits(bytes: 256 << 20, nodes: 20_000_000)

    /// The scenario to run.
    ///
    /// - Parameters:
    ///   - reader: Knows the environment, and where the target is another.
    ///   - checks: Texts that the reader's `checkSyntax` has to find nothing wrong with.
    /// - Throws: What the recording holds that a scenario cannot; variables of the environment that are not set.
    package func scenario(
        _ playing: Playing,
        checks: [String],
        file: String,
        reader: ScenarioReader
    ) throws(ScenarioError) -> Scenario {
        var scenario = try reader.read(text: text, file: file, limits: Self.limits)
        var script = script
        script.speed = playing.speed
        script.tolerance = playing.tolerance
        script.renumberEvents(scenario.numbers(of: events))
        for link in script.links where !scenario.groups[link.group].namespaces.isEmpty {
            for namespace in link.namespaces where !scenario.groups[link.group].namespaces.contains(namespace) {
                scenario.groups[link.group].namespaces.append(namespace)
            }
        }
        scenario.replay = script
        scenario.checks = checks.map { CheckText(text: $0, isOptional: false, aborts: false, after: .zero) }
        let ramp = max(playing.ramp, .milliseconds(1))
        let start = playing.ramp > .zero ? 0 : playing.clients
        scenario.load = Load(phases: [
            Load.Phase(duration: ramp, model: .clients(from: start, to: playing.clients), once: true)
        ])
        // Slower than recorded by half, with time to wait for what does not come.
        let waiting = min(ReplayScript.patience * Double(script.actions.count), .seconds(600))
        scenario.grace = script.length * max(1.5, 1.5 / playing.speed) + waiting + .seconds(10)
        for place in scenario.groups.indices {
            scenario.groups[place].share = place == 0 ? 1 : 0
            // Whether a connection comes back is the recording's to say.
            scenario.groups[place].reconnect = .none
        }
        return scenario
    }
}

extension Scenario {
    /// The numbers of events, new ones where they have none.
    fileprivate mutating func numbers(of names: [String]) -> [EventID] {
        var known: [String: EventID] = [:]
        for (number, name) in events.enumerated() { known[name] = number }
        return names.map { name in
            if let number = known[name] { return number }
            events.append(name)
            known[name] = events.count - 1
            return events.count - 1
        }
    }
}

extension ReplayScript {
    /// So long after its time something may still come before what follows upon it is done all the same.
    package static let patience = Duration.seconds(5)

    fileprivate mutating func renumberEvents(_ numbers: [EventID]) {
        for place in arrivals.indices {
            if case .event(let event) = arrivals[place].kind { arrivals[place].kind = .event(numbers[event]) }
        }
    }
}

extension Scenario {
    /// How long it takes, if all goes well.
    package var expectedLength: Duration {
        load.duration + (replay.map { $0.length * (1 / $0.speed) } ?? .zero)
    }
}
