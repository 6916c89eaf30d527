import Metrics
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import LoadRunner
@testable import Scenarios

/// One worker in the test's process whose clients a test can take hold of.
final class WorkerRun: Sendable {
    private let worker: NIOLoopBound<Worker>
    private let eventLoop: any EventLoop
    private let shared: SharedPlan

    private init(_ worker: NIOLoopBound<Worker>, _ eventLoop: any EventLoop, _ shared: SharedPlan) {
        self.worker = worker
        self.eventLoop = eventLoop
        self.shared = shared
    }

    /// Starts a worker, and ends it when the closure is done.
    ///
    /// - Parameters:
    ///   - scenario: The file's text without `name` and `target`.
    ///   - target: Further keys of the target.
    ///   - isSecure: The server is spoken to by TLS.
    ///   - traced: Called with each line of the trace, in the middle of what it is about.
    /// - Returns: What the worker measured.
    static func run(
        _ server: FakeServer,
        _ scenario: String,
        target: String = "",
        isSecure: Bool = false,
        traced: (@Sendable (String, Worker) -> Void)? = nil,
        _ body: @Sendable (WorkerRun) async throws -> Void
    ) async throws -> RunTotals {
        let text = """
            name: worker
            target: { url: "http://127.0.0.1:\(server.port)"\(target.isEmpty ? "" : ", \(target)") }
            \(scenario)
            """
        let port = server.port
        let traces = Mutex<NIOLoopBound<Worker>?>(nil)
        let trace: @Sendable (String) -> Void = { line in
            if let worker = traces.withLock({ $0 }) { traced?(line, worker.value) }
        }
        let reader = ScenarioReader(environment: [:], checkSyntax: CheckLanguage.problem(in:_:))
        let configuration = RunConfiguration(
            threads: 1,
            seed: 7,
            trace: traced == nil ? nil : trace,
            readScenario: {
                var scenario = try reader.read(text: text, file: "worker.yaml")
                guard isSecure else { return scenario }
                for group in scenario.groups.indices {
                    let url = ServerURL(isSecure: true, host: "127.0.0.1", port: port)
                    scenario.groups[group].target.location = .server(url)
                    scenario.groups[group].target.tls.authority = try Certificates.file("ca.pem")
                }
                return scenario
            },
            startPractice: { _, _ in throw RunError(.practice, "There is no practice server here.") }
        )
        let read = try configuration.readScenario()
        let targets = try await TargetResolver.resolve(read, configuration)
        var table = MetricTable(groups: read.groups.map(\.name), events: read.events)
        _ = ProgramBuilder.programs(of: read, registeringIn: &table)
        let clock = RunClock(startingIn: .zero)
        let shared = SharedPlan(read, table, targets.network, clock, configuration)
        let plan = WorkerPlan(number: 0, workers: 1, scenario: try configuration.readScenario(), shared: shared)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let eventLoop = group.next()
        let worker = try await eventLoop.submit {
            let worker = Worker(plan, eventLoop: eventLoop)
            worker.start()
            return NIOLoopBound(worker, eventLoop: eventLoop)
        }.get()
        traces.withLock { $0 = worker }
        let run = WorkerRun(worker, eventLoop, shared)
        do {
            try await body(run)
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
        var collection = RunCollection(shared, read, workers: 1)
        try await run.onLoop { $0.drain(within: .zero) }
        try await run.until { _ in shared.outbox.finishedWorkers > 0 }
        // No connection is forgotten, however it ended.
        #expect(try await run.onLoop { $0.openConnections } == 0)
        #expect(try await run.onLoop { $0.silentSockets.isEmpty })
        collection.finish(EngineObserver(), busiest: 0)
        try await group.shutdownGracefully()
        await targets.stop()
        return collection.collector.totals
    }

    /// Calls the closure on the worker's event loop, as a tick does.
    @discardableResult
    func onLoop<Result: Sendable>(_ body: @escaping @Sendable (Worker) throws -> Result) async throws -> Result {
        let worker = worker
        return try await eventLoop.submit {
            defer { worker.value.flush() }
            return try body(worker.value)
        }.get()
    }

    /// Calls the closure with the client in a seat.
    @discardableResult
    func onClient<Result: Sendable>(
        in seat: Int = 0,
        _ body: @escaping @Sendable (VirtualClient, NIODeadline) -> Result
    ) async throws -> Result {
        try await onLoop { worker in
            let client = try #require(worker.virtualClient(in: seat))
            return body(client, .now())
        }
    }

    /// Returns as soon as the worker is like that, or the test's time is over.
    func until(_ holds: @escaping @Sendable (Worker) -> Bool) async throws {
        let worker = worker
        // Asked in every tick of the worker's own.
        while try await !eventLoop.submit({ holds(worker.value) }).get() {
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    /// Returns as soon as the client in a seat is like that, or has gone.
    func untilClient(in seat: Int = 0, _ holds: @escaping @Sendable (VirtualClient) -> Bool) async throws {
        try await until { worker in
            guard worker.seats.indices.contains(seat) else { return false }
            return worker.virtualClient(in: seat).map(holds) ?? true
        }
    }
}
