import Wire

extension FlowDrafter {
    /// Gives the variables that are used their values: in `vars`, by `capture:`, or by a `set` before the step.
    mutating func addVariables() {
        for slot in correlator.slots {
            let beats = correlator.beats(of: slot)
            let path = slot.key.path.joined(separator: ".")
            if let generator = slot.generator {
                let what = "first sent by the client, in \(slot.key.source): new for each"
                if beats.count <= 1 || slot.isUsedInTarget {
                    group.variables.append(.init(name: slot.name, value: .string(generator), comment: "\(what) client"))
                } else {
                    for beat in Set(beats).sorted() {
                        set(slot.name, .string(generator), before: beat, "\(what) round")
                    }
                }
                continue
            }
            if slot.isUsedInTarget { group.variables.append(.init(name: slot.name, value: .string(""), comment: nil)) }
            for beat in Set(beats).sorted() { capture(slot.name, path, slot.key.source, beat) }
        }
    }

    mutating func set(_ name: String, _ value: JSONValue, before beat: Int, _ comment: String) {
        let step = StepDraft([.init("set", .object([.init(name, value)]))], comments: ["\(name): \(comment)"])
        // Behind the think before the send, so that one can see that they belong together.
        let place = steps[beat].firstIndex { $0.kind != "think" } ?? 0
        steps[beat].insert(step, at: place)
    }

    mutating func capture(_ name: String, _ path: String, _ source: String, _ beat: Int) {
        let comment = "\(name): first said by the server, in \(source)"
        guard
            let place = steps[beat].lastIndex(where: { ["await", "http", "emit", "stream", "plan"].contains($0.kind) })
        else { return }
        var step = steps[beat][place]
        let member = JSONValue.Member(name, .string(path))
        switch step.kind {
        case "await", "http":
            step["capture"] = .object((step["capture"]?.members ?? []) + [member])
        case "emit":
            guard case .object(var ack)? = step["ack"] else { return }
            let captures = ack.first { $0.name == "capture" }?.value.members ?? []
            ack.removeAll { $0.name == "capture" }
            step["ack"] = .object(ack + [.init("capture", .object(captures + [member]))])
        default:
            steps[beat].append(
                StepDraft(
                    [.init("set", .object([.init(name, .string("${event.\(path)}"))]))],
                    comments: [comment]
                )
            )
            return
        }
        step.comments.append(comment)
        steps[beat][place] = step
    }
}
