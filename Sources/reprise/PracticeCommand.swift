import ArgumentParser
import Foundation
import LoadRunner
import PracticeServer
import UnixSignals

/// `reprise practice`
struct PracticeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "practice",
        abstract: "Starts a practice server: a system's dialect, with bugs on demand.",
        discussion: """
            The server is deterministic under --seed and ends with Ctrl-C. Systems, with the port of each:

              leflux       A chat that streams its answers and lets the client click through a task (3002).
              elizaos      Channels in which people talk with agents: typed messages, broadcasts, a log (3000).
              xenon        A hub of phones: what happens to them goes to every dashboard (4723).
              flock        Agents whose every step is broadcast to all clients (8000; flock-current 8344).
              praxis       Commands and workflows over an event bus with subscriptions (8000; praxis-current 8080).
              echo         Says what it is told: Socket.IO, plain WebSocket at /ws, JSON at /ws/json (3010).
              conformance  What the official test suites of Socket.IO and Engine.IO ask of a server (3000).

            The first five follow the system's document; with -current behind the name, what the system does today.

            Faults and options, which may be given several times (as 'practice:NAME?fault&fault=value' in a scenario):

            \(Fault.all.map(describe).joined(separator: "\n"))
            """
    )

    @Argument(help: "The system whose dialect it speaks: \(PracticeServer.systems.joined(separator: ", ")).")
    var system: String

    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "The port to listen on; 0 takes any free one. The system's own unless said.")
    var port: Int?

    @Option(help: "What the server says follows from this number.")
    var seed: UInt64 = 1

    @Option(
        name: .customLong("fault"),
        help: ArgumentHelp("A bug to switch on, such as drop-chunk=7.", valueName: "name[=value]")
    )
    var faults: [String] = []

    @Option(help: ArgumentHelp("Writes what the server did to this file when it ends.", valueName: "file"))
    var truth: String?

    @Option(
        help: ArgumentHelp(
            "Appends a line of JSON to this file whenever a connection comes, goes or is refused.",
            valueName: "file"
        )
    )
    var log: String?

    @Option(
        help: ArgumentHelp(
            "Connection state recovery for clients that are away no longer than this; the same as --fault recovery=TIME.",
            valueName: "time"
        )
    )
    var recovery: String?

    @Option(name: .customLong("for"), help: ArgumentHelp("Ends by itself after this time.", valueName: "time"))
    var lifetime: DurationArgument?

    @Option(help: ArgumentHelp("From one heartbeat to the next, in milliseconds.", valueName: "ms"))
    var pingInterval = 25_000

    @Option(help: ArgumentHelp("How late the answer to a heartbeat may be, in milliseconds.", valueName: "ms"))
    var pingTimeout = 20_000

    @Option(
        help: ArgumentHelp(
            "The transports of Engine.IO that it serves: polling, websocket, or both with a comma.",
            valueName: "names"
        )
    )
    var transports = "polling,websocket"

    @Option(
        help: ArgumentHelp(
            "The hosts whose pages may connect, with commas between them; * for all.",
            valueName: "names"
        )
    )
    var allowedHosts: String?

    @Flag(help: "Sets the cookie io, as the official server can.")
    var cookie = false

    @Option(help: ArgumentHelp("How long a client has to join a namespace, in milliseconds.", valueName: "ms"))
    var connectTimeout = 45_000

    /// For a run that starts the server as its child: it ends with the run, and leaves Ctrl-C to it.
    @Flag(name: .customLong("until-stdin-closes"), help: .hidden)
    var untilStandardInputCloses = false

    func run() async throws {
        DescriptorLimit.raise()
        let server: PracticeServer
        do {
            let options = recovery.map { ["recovery=\($0)"] } ?? []
            let parsed = try (faults + options).map { try Fault(parsing: $0) }
            var configuration = PracticeServer.Configuration(
                system: system,
                host: host,
                port: port,
                seed: seed,
                faults: parsed,
                truth: truth
            )
            configuration.pingInterval = .milliseconds(pingInterval)
            configuration.pingTimeout = .milliseconds(pingTimeout)
            configuration.connectTimeout = .milliseconds(connectTimeout)
            configuration.setsCookie = cookie
            configuration.log = log
            configuration.transports = try readTransports()
            if let allowedHosts {
                configuration.allowedHosts = allowedHosts.split(separator: ",").map(String.init)
            }
            server = try await PracticeServer.start(configuration)
        } catch let error as PracticeServerError {
            throw ValidationError(error.message)
        }
        Console.print("listening on http://\(host):\(server.port)")
        if untilStandardInputCloses {
            await ignoringSignals { await StandardInput.end() }
        } else {
            Console.note("practice server \(system), seed \(seed); stop it with Ctrl-C")
            await untilStopped()
        }
        try await server.stop()
        if let truth { Console.note("wrote \(truth)") }
    }

    /// Returns after a signal, or when the time is over.
    private func untilStopped() async {
        await withTaskGroup { group in
            group.addTask { for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) { break } }
            if let lifetime { group.addTask { try? await Task.sleep(for: lifetime.duration) } }
            _ = await group.next()
            group.cancelAll()
        }
    }

    private func readTransports() throws -> [EngineTransport] {
        try transports.split(separator: ",").map { name in
            guard let transport = EngineTransport(rawValue: String(name)) else {
                throw ValidationError("There is no transport '\(name)'. Transports: polling, websocket.")
            }
            return transport
        }
    }

    /// A list of systems in few words: a system and its variant as one, all of them as all.
    private static func shown(_ systems: [String]) -> String {
        guard systems.count < PracticeServer.systems.count else { return "all" }
        var names: [String] = []
        for system in systems {
            let base = system.hasSuffix("-current") ? String(system.dropLast("-current".count)) : system
            if base != system, let place = names.firstIndex(of: base) {
                names[place] = "\(base)[-current]"
            } else {
                names.append(system)
            }
        }
        return names.joined(separator: ", ")
    }

    /// A fault for the help text, with the systems that know it.
    private static func describe(_ fault: Fault.Entry) -> String {
        let systems = PracticeServer.systems.filter { PracticeServer.faults(of: $0).contains(fault.name) }
        return "  \(fault.syntax) (\(shown(systems)))\n      \(fault.summary)"
    }

    private func ignoringSignals(_ body: () async -> Void) async {
        let previous = signal(SIGINT, SIG_IGN)
        await body()
        signal(SIGINT, previous)
    }
}

/// The process's standard input, of which only the end matters.
enum StandardInput {
    /// Returns when it is closed.
    static func end() async {
        await withCheckedContinuation { continuation in
            // A thread of its own: a blocking read must not hold one that tasks run on.
            Thread.detachNewThread {
                while let data = try? FileHandle.standardInput.read(upToCount: 1024), !data.isEmpty {}
                continuation.resume()
            }
        }
    }
}
