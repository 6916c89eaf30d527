import Foundation
import NIOCore
import Wire

/// The scenario that is to be cut down, from whatever file it is in.
package struct MinimizationSource: Sendable {
    package var tree: ScenarioTree
    /// The text that the tree is of.
    package var text: String
    /// It was made of a recording.
    package var isConverted = false
    /// What its `binary:` names and is not there yet, to be written beside the scenario.
    package var files: [Converter.File] = []
    /// What a person should know about it; sentences without the full stop.
    package var warnings: [String] = []

    /// Reads a scenario (`.yaml`, `.yml`, or `.json` that is no HAR), or converts a recording or a HAR file to one.
    ///
    /// - Parameter target: The URL in place of the file's.
    /// - Throws: What is wrong with the file.
    package static func read(
        path: String,
        target: String?,
        keepsSecrets: Bool = false
    ) throws(ScenarioError) -> MinimizationSource {
        if isScenario(path) {
            let text = try ScenarioReader.text(ofFile: path)
            var tree = try ScenarioTree(parsing: text, file: path)
            if let target { tree.setTarget(target) }
            return MinimizationSource(tree: tree, text: target == nil ? text : tree.text)
        }
        do throws(Diagnostic) {
            let (recording, doubts) = try RecordingSource.read(path: path, keepsSecrets: keepsSecrets)
            let name = path.split(separator: "/").last.map(String.init) ?? path
            guard let result = Converter.convert(recording, source: name, target: target) else {
                throw Diagnostic(
                    code: .missing,
                    message: "there is no connection in it",
                    place: SourcePlace(file: path, line: 1, column: 1)
                )
            }
            let tree: ScenarioTree
            do throws(ScenarioError) {
                tree = try ScenarioTree(parsing: result.scenario, file: path)
            } catch {
                throw error.diagnostics[0]
            }
            return MinimizationSource(
                tree: tree,
                text: result.scenario,
                isConverted: true,
                files: result.files,
                warnings: doubts.map { "\($0.place): \($0.message)" } + result.warnings
            )
        } catch {
            throw ScenarioError(diagnostics: [error])
        }
    }

    private static func isScenario(_ path: String) -> Bool {
        let name = path.lowercased()
        if name.hasSuffix(".yaml") || name.hasSuffix(".yml") { return true }
        guard name.hasSuffix(".json"), let handle = FileHandle(forReadingAtPath: path) else { return false }
        defer { try? handle.close() }
        let start = (try? handle.read(upToCount: 4096)) ?? Data()
        return !HARReader.looksLikeHAR(ByteBuffer(bytes: start))
    }
}

/// What may be cut down, if it fails.
package struct MinimizationWhole: Sendable {
    package var tree: ScenarioTree
    /// What is the matter with it, for `now …`.
    package var what: String

    package init(tree: ScenarioTree, what: String) {
        self.tree = tree
        self.what = what
    }

    package static func asItIs(_ tree: ScenarioTree) -> Self { Self(tree: tree, what: "as it is") }
}

extension ScenarioTree {
    /// Makes it a scenario of a few clients that each go through their flow once, with these checks alone.
    ///
    /// A scenario with `faults:`, which have their times on the run's clock, keeps its load.
    package mutating func prepare(clients: Int, checks: [String]) {
        set("warmup", nil)
        if root["faults"] == nil {
            let phase: [JSONValue.Member] = [
                .init("for", .string("1s")), .init("clients", .integer(clients)), .init("once", .bool(true)),
            ]
            set("load", .array([.object(phase)]))
            root["load"]?.comments = []
        }
        set("checks", .array(checks.map { .string($0) }))
        root["checks"]?.comments = []
    }

    /// Says of every plan that does not say it how many plans of a task the server promises at most.
    package mutating func setServerLimit(_ limit: Int) {
        let value = node(.integer(limit))
        root = root.mapping { node in
            guard node.members?.first?.key == "plan", node["serverLimit"] == nil else { return node }
            var node = node
            node["serverLimit"] = value
            return node
        }
    }

    /// The same with clients that never stop a task by themselves; nil where none does.
    ///
    /// A recording that ends in the midst of a task looks like that of a client with a limit.
    package var withoutClientLimits: ScenarioTree? {
        var tree = self
        var hasLimit = false
        tree.root = root.mapping { node in
            guard node.members?.first?.key == "plan", node["clientLimit"] != nil else { return node }
            hasLimit = true
            var node = node
            node["clientLimit"] = nil
            return node
        }
        return hasLimit ? tree : nil
    }

    /// The same with clients that go on where something does not come, after two seconds at the most; nil where they do.
    ///
    /// A server does not say the same to everyone: what came by chance in the recording must not keep the others from
    /// what comes behind it.
    package var goingOn: ScenarioTree? {
        var tree = self
        var hasChanged = false
        let patience = tree.node(.string("2s"))
        let goesOn = tree.node(.string("continue"))
        tree.root = root.mapping { node in
            guard let kind = node.members?.first?.key, ["await", "stream", "http"].contains(kind),
                node["onFailure"] == nil
            else { return node }
            hasChanged = true
            var node = node
            if kind == "await" { node["within"] = patience }
            node["onFailure"] = goesOn
            return node
        }
        return hasChanged ? tree : nil
    }

    /// What to try, one after the other, where it was made of a recording: as recorded, and then with clients that do not
    /// give up.
    package var wholes: [MinimizationWhole] {
        var wholes = [MinimizationWhole(tree: self, what: "as recorded")]
        let unlimited = withoutClientLimits
        if let unlimited {
            wholes.append(MinimizationWhole(tree: unlimited, what: "with clients that never stop a task by themselves"))
        }
        if let patient = (unlimited ?? self).goingOn {
            wholes.append(
                MinimizationWhole(tree: patient, what: "with clients that go on where something does not come")
            )
        }
        return wholes
    }

    /// Whether some step of it is of this kind.
    package func hasStep(_ kind: String) -> Bool {
        ScenarioParts(self).steps.contains { $0.node.members?.contains { $0.key == kind } ?? false }
    }

    /// The URL of its target, as it is written.
    package var target: String {
        root["target"]?["url"]?.text ?? root["clients"]?.members?.lazy.compactMap { $0.node["target"]?["url"]?.text }
            .first
            ?? "its target"
    }

    /// Says at the top what it is.
    ///
    /// - Parameters:
    ///   - lines: Comments.
    ///   - seconds: How long it takes to fail, for its `grace`.
    package mutating func describe(_ description: String, _ lines: [String], failingAfter seconds: Double) {
        let schema = (root["name"]?.comments ?? []).filter { $0.hasPrefix("yaml-language-server:") }
        if root["name"] == nil {
            var members = root.members ?? []
            members.insert(Member(key: "name", node: node(.string("minimal"))), at: 0)
            root.content = .map(members)
        }
        root["name"]?.comments = schema + lines
        if root["description"] == nil {
            var members = root.members ?? []
            let place = (members.firstIndex { $0.key == "name" } ?? -1) + 1
            members.insert(Member(key: "description", node: node(.string(description))), at: place)
            root.content = .map(members)
        }
        set("description", .string(description))
        setComments([], at: "description")
        guard root["faults"] == nil, root["grace"] != nil else { return }
        let grace = max(10, (seconds * 3).rounded(.up) + 2)
        set("grace", .string("\(Int(min(grace, 86_400)))s"))
    }
}
