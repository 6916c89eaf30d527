/// The keys of each step.
enum StepKeys {
    /// What may stand beside the key that names the step.
    static let options: [String: [String]] = [
        "emit": ["data", "args", "ack"],
        "http": ["json", "headers", "expect", "within", "measure", "capture"],
        "await": ["where", "within", "measure", "capture", "since"],
        "stream": ["chunk", "done", "where", "key", "index", "text", "final", "within", "stall"],
        "plan": [
            "event", "actions", "key", "reply", "done", "refuse", "clientLimit", "serverLimit", "same", "cycle",
            "progress",
            "within",
        ],
        "think": [],
        "pace": [],
        "wait": ["within"],
        "repeat": ["flow", "every"],
        "when": ["flow", "else"],
        "choose": [],
        "set": [],
        "count": [],
        "fail": [],
    ]

    /// What the language has beside that, for each step.
    static let plannedOptions: [String: [String]] = [
        "emit": ["binary", "since", "onLoss"],
        "http": ["since"],
        "await": ["joins", "leaves", "onLoss"],
        "stream": ["joins", "leaves", "since", "onLoss"],
        "plan": ["joins", "leaves", "since", "onLoss"],
    ]

    /// Steps that are nothing but a word.
    static let bare = ["connect", "disconnect"]

    /// Steps that take `onFailure:`; `emit` only where it waits for its acknowledgement.
    static let fallible = ["connect", "emit", "http", "await", "stream", "plan", "wait", "fail"]

    /// Steps that the language has and this version does not.
    static let planned: [String: [String]] = [
        "send": [],
        "fanout": ["room"],
        "drop": [],
        "stall": [],
    ]

    static var all: [String] { bare + options.keys.sorted() + planned.keys.sorted() }

    /// The key that names the step: of several the one that the others are options of, else the first.
    static func name(among keys: [String]) -> String? {
        let names = keys.filter { options[$0] != nil || planned[$0] != nil || bare.contains($0) }
        let owner = names.first { name in
            let own = (options[name] ?? planned[name] ?? []) + (plannedOptions[name] ?? [])
            return names.allSatisfy { $0 == name || own.contains($0) }
        }
        return owner ?? names.first
    }
}
