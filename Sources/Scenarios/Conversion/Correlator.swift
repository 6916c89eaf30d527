import Wire

/// Finds out where the values come from that a client sends: from the server, from itself, from the clock, or a secret.
///
/// Beats are taken in order: what the server says in one is registered, what the client sends is made a template. At the end
/// `slots` says which variables that needs, and in which beats they get their values.
struct Correlator {
    /// Where values come from that are the same thing: an event and a path in it.
    struct Key: Hashable {
        /// Which of several connections at once.
        var connection = 0
        var source: String
        var path: [String]
        /// Other than 0 where a later value has taken the name's place while this one is still needed.
        var version = 0
    }

    struct Slot {
        var name: String
        var key: Key
        /// What makes a new value, for what the client invents; nil for what the server says.
        var generator: String?
        /// The first value that was seen.
        var example: String
        /// The beats where it gets a value.
        var beats: [Int] = []
        var isUsedInTarget = false
    }

    private struct Holder {
        var key: Key
        var beat: Int
        var isClients: Bool
    }

    /// The connection that beats belong to from here on.
    var connection = 0
    private(set) var slots: [Slot] = []
    /// Names of the environment's variables, by the placeholder of the secret.
    private(set) var environment: [(placeholder: String, name: String)] = []

    private var holders: [JSONValue: Holder] = [:]
    /// The texts of holders that may be part of another text.
    private var parts = KnownTexts()
    private var slotPlaces: [Key: Int] = [:]
    private var latest: [Key: JSONValue] = [:]
    private var registrations: [Key: [Int]] = [:]
    private var usedNames: Set<String>
    /// The number that the next variable of a name will have.
    private var nextNumbers: [String: Int] = [:]
    /// The places in `environment`, by placeholder.
    private var environmentPlaces: [String: Int] = [:]
    private var environmentNames: Set<String> = []

    /// In how many turns a text stands.
    private let occurrences: [String: Int]
    private let epoch: Double?

    init(_ turns: [Turn], epoch: Double?, usedNames: Set<String>) {
        var occurrences: [String: Int] = [:]
        for turn in turns {
            var texts: Set<String> = []
            for leaf in turn.values.flatMap(\.leaves) {
                guard let text = leaf.value.textValue else { continue }
                texts.insert(text)
                if let range = UUIDText.firstRange(in: text) { texts.insert(String(text[range])) }
            }
            for text in texts { occurrences[text, default: 0] += 1 }
        }
        self.occurrences = occurrences
        self.epoch = epoch
        self.usedNames = usedNames
    }

    // MARK: - What the server says

    /// Takes what the server said in a beat.
    mutating func register(_ value: JSONValue, source: String, prefix: [String] = [], beat: Int) {
        for leaf in value.leaves.prefix(400) {
            let path = prefix + leaf.path
            guard let name = path.last(where: { Int($0) == nil }) ?? path.last, PathNames.canSay(path) else { continue }
            let key = Key(connection: connection, source: source, path: path)
            guard Identity.isIdentifying(leaf.value, name) || leaf.value.textValue?.contains("«redacted") == true else {
                continue
            }
            registrations[key, default: []].append(beat)
            latest[key] = leaf.value
            if holders[leaf.value] == nil { hold(leaf.value, Holder(key: key, beat: beat, isClients: false)) }
        }
    }

    private mutating func hold(_ value: JSONValue, _ holder: Holder) {
        holders[value] = holder
        if let text = value.textValue { parts.insert(text) }
    }

    /// Whether a name of a field was changed, since a scenario cannot say it.
    private(set) var hasRenamed = false

    /// A name of a field, which cannot be a template.
    mutating func sayable(_ name: String) -> String {
        guard name.contains("${") else { return name }
        hasRenamed = true
        return name.replacing("${", with: "$ {")
    }

    // MARK: - What the client sends

    /// Makes a template of what the client sent in a beat.
    ///
    /// - Parameters:
    ///   - source: What sends it.
    ///   - time: Milliseconds since the recording's start.
    mutating func template(
        _ value: JSONValue,
        source: String,
        path: [String] = [],
        beat: Int,
        time: Double,
        inTarget: Bool = false
    ) -> JSONValue {
        switch value {
        case .object(let members):
            return .object(
                members.unique.map { member in
                    .init(
                        sayable(member.name),
                        template(
                            member.value,
                            source: source,
                            path: path + [member.name],
                            beat: beat,
                            time: time,
                            inTarget: inTarget
                        )
                    )
                }
            )
        case .array(let elements):
            return .array(
                elements.enumerated().map { place, element in
                    template(
                        element,
                        source: source,
                        path: path + ["\(place)"],
                        beat: beat,
                        time: time,
                        inTarget: inTarget
                    )
                }
            )
        case .string(let text):
            return .string(
                self.text(
                    text,
                    Key(connection: connection, source: source, path: path),
                    beat: beat,
                    time: time,
                    inTarget: inTarget
                )
            )
        default:
            let name = path.last { Int($0) == nil } ?? ""
            if Identity.isIdentifying(value, name), let known = use(value, inTarget) { return .string(known) }
            if let epoch, Identity.time(value, near: epoch + time) != nil { return .string("${now()}") }
            return value
        }
    }

    private mutating func text(_ text: String, _ key: Key, beat: Int, time: Double, inTarget: Bool) -> String {
        let name = key.path.last { Int($0) == nil } ?? "value"
        // What the other side's field names is the same wherever it is sent.
        if let known = use(.string(text), inTarget) { return known }
        if Identity.time(.string(text), near: epoch.map { $0 + time }) != nil { return "${iso()}" }
        if let generator = generator(text, name), (occurrences[text] ?? 0) > 1 {
            invent(text, generator, key, name, beat)
            return use(.string(text), inTarget) ?? text
        }
        return pieces(text, key, name, beat, inTarget)
    }

    /// The text with what is known in it filled in.
    private mutating func pieces(_ text: String, _ key: Key, _ name: String, _ beat: Int, _ inTarget: Bool) -> String {
        if let range = parts.longest(in: text) {
            let part = String(text[range])
            let known = use(.string(part), inTarget) ?? part
            return pieces(String(text[..<range.lowerBound]), key, name, beat, inTarget) + known
                + pieces(String(text[range.upperBound...]), key, name, beat, inTarget)
        }
        if let range = text.firstRange(of: "«redacted"), let end = text[range.upperBound...].firstIndex(of: "»") {
            return pieces(String(text[..<range.lowerBound]), key, name, beat, inTarget)
                + "${env.\(variable(String(text[range.lowerBound...end]), name))}"
                + pieces(String(text[text.index(after: end)...]), key, name, beat, inTarget)
        }
        if let range = UUIDText.firstRange(in: text) {
            let uuid = String(text[range])
            var filled = "${uuid()}"
            if (occurrences[uuid] ?? 0) > 1 {
                invent(uuid, filled, key, name, beat)
                filled = use(.string(uuid), inTarget) ?? filled
            }
            return pieces(String(text[..<range.lowerBound]), key, name, beat, inTarget) + filled
                + pieces(String(text[range.upperBound...]), key, name, beat, inTarget)
        }
        return Self.escaped(text)
    }

    /// What stands for itself, also where it looks like a template.
    static func escaped(_ text: String) -> String {
        text.contains("${")
            ? text.split(separator: "${", omittingEmptySubsequences: false).joined(separator: "${'$'}{") : text
    }

    /// The template of a value that was seen before; nil where it was not.
    mutating func use(_ value: JSONValue, _ inTarget: Bool = false) -> String? {
        guard let holder = holders[value] else { return nil }
        var key = holder.key
        if latest[key] != value {
            // Another value has the name by now; what the client invented can have only one.
            guard !holder.isClients else { return nil }
            key.version = holder.beat + 1
        }
        let place = slotPlaces[key] ?? add(key, value, holder)
        if inTarget { slots[place].isUsedInTarget = true }
        return "${\(slots[place].name)}"
    }

    /// Whether a value is one that use would find, and current.
    func knows(_ value: JSONValue) -> (isClients: Bool, beat: Int)? {
        guard let holder = holders[value], latest[holder.key] == value else { return nil }
        return (holder.isClients, holder.beat)
    }

    private mutating func add(_ key: Key, _ value: JSONValue, _ holder: Holder) -> Int {
        let field = key.path.last { Int($0) == nil && $0 != "$" } ?? key.source
        let name = unused(ScenarioNames.variable(field))
        slots.append(
            Slot(name: name, key: key, example: value.textValue ?? value.jsonText, beats: [holder.beat])
        )
        slotPlaces[key] = slots.count - 1
        return slots.count - 1
    }

    private mutating func unused(_ name: String) -> String {
        var result = name
        var number = nextNumbers[name] ?? 2
        while !usedNames.insert(result).inserted {
            result = "\(name)\(number)"
            number += 1
        }
        nextNumbers[name] = number
        return result
    }

    /// Beats that give a slot its value, once all is known.
    func beats(of slot: Slot) -> [Int] {
        slot.key.version == 0 ? registrations[slot.key] ?? [] : slot.beats
    }

    // MARK: - What the client invents

    private mutating func invent(_ text: String, _ generator: String, _ key: Key, _ name: String, _ beat: Int) {
        let value = JSONValue.string(text)
        guard holders[value] == nil else { return }
        hold(value, Holder(key: key, beat: beat, isClients: true))
        registrations[key, default: []].append(beat)
        latest[key] = value
        if slotPlaces[key] == nil {
            _ = add(key, value, Holder(key: key, beat: beat, isClients: true))
            slots[slots.count - 1].generator = generator
        }
    }

    /// What makes another value like this one; nil where it does not look invented.
    private func generator(_ text: String, _ name: String) -> String? {
        if let range = UUIDText.firstRange(in: text) {
            let rest = text[range.upperBound...]
            guard UUIDText.firstRange(in: String(rest)) == nil, !text.contains("«redacted"), text.utf8.count <= 64
            else {
                return nil
            }
            // A part that is known already is no new one.
            if holders[.string(String(text[range]))] != nil { return nil }
            return Self.escaped(String(text[..<range.lowerBound])) + "${uuid()}" + Self.escaped(String(rest))
        }
        guard Identity.isNaming(name), !text.contains(" "), !text.contains("«redacted") else { return nil }
        let tail = text.reversed().prefix { $0.isASCII && ($0.isLetter || $0.isNumber) }
        guard tail.count >= 12, tail.contains(where: \.isNumber), tail.contains(where: \.isLetter),
            text.utf8.count <= 64
        else { return nil }
        return Self.escaped(String(text.dropLast(tail.count))) + "${uuid()}"
    }

    private mutating func variable(_ placeholder: String, _ field: String) -> String {
        if let known = environmentPlaces[placeholder] { return environment[known].name }
        let base = ScenarioNames.environment(field)
        var name = base
        var number = nextNumbers["env \(base)"] ?? 2
        while !environmentNames.insert(name).inserted {
            name = "\(base)_\(number)"
            number += 1
        }
        nextNumbers["env \(base)"] = number
        environmentPlaces[placeholder] = environment.count
        environment.append((placeholder, name))
        return name
    }
}
