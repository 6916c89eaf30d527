import NIOCore
import NIOPosix
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A server that speaks the dialect of one system, with faults on demand, and knows exactly what it did.
///
/// It is deterministic: what it says follows from the seed, the session's id and the number of the question. It uses
/// SwiftNIO's WebSocket code and not Wire's, so that the two ends check each other. All of it runs on one event loop.
///
/// The numbers of open files that a load test needs are the caller's matter: raise the limit before `start`.
package final class PracticeServer: Sendable {
    package let configuration: Configuration
    /// Where it listens; a free port was chosen where the configuration says 0.
    package let port: Int

    private let group: MultiThreadedEventLoopGroup
    private let channel: any Channel
    /// Counts on the event loop.
    private let count: @Sendable () -> Truth
    /// Ends the timers, on the event loop.
    private let halt: @Sendable () -> Void
    private let final = Mutex<Truth?>(nil)

    /// Starts to listen.
    ///
    /// - Throws: `PracticeServerError`: an unknown system, a fault given twice or unknown to the system, or a port that cannot be had.
    package static func start(_ configuration: Configuration) async throws(PracticeServerError) -> PracticeServer {
        try Fault.requireDistinct(configuration.faults)
        guard let dialect = dialects.first(where: { $0.system == configuration.system }) else {
            let nearest = Spelling.nearest(to: configuration.system, among: systems)
            throw PracticeServerError(
                .unknownSystem,
                "There is no practice server for '\(configuration.system)'"
                    + (nearest.map { "; did you mean '\($0)'?" } ?? ".")
                    + " Systems: \(systems.joined(separator: ", "))."
            )
        }
        for fault in configuration.faults where !dialect.faults.contains(fault.name) {
            throw PracticeServerError(
                .invalidFault,
                "The fault '\(fault.name)' means nothing to the system '\(dialect.system)'. Its faults: "
                    + dialect.faults.joined(separator: ", ") + "."
            )
        }
        return try await start(configuration, dialect)
    }

    /// Opens the existential.
    private static func start(
        _ configuration: Configuration,
        _ dialect: (some Dialect).Type
    ) async throws(PracticeServerError) -> PracticeServer {
        try await PracticeServer(configuration, dialect)
    }

    private init<D: Dialect>(_ configuration: Configuration, _ dialect: D.Type) async throws(PracticeServerError) {
        let configuration = configuration.withFaults
        self.configuration = configuration
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        self.group = group
        let loop = group.next()
        let epoch = Int64((Date().timeIntervalSince1970 * 1000).rounded())
        do {
            let service = try await loop.submit {
                try NIOLoopBound(
                    Service<D>(configuration: configuration, loop: loop, epochMilliseconds: epoch),
                    eventLoop: loop
                )
            }.get()
            count = { service.value.truth() }
            halt = { service.value.stop() }
            channel = try await Listener.bind(service, on: group, configuration)
            let port = channel.localAddress?.port ?? configuration.port
            self.port = port
            try await loop.submit { service.value.noteStart(port: port) }.get()
        } catch {
            try? await group.shutdownGracefully()
            if let error = error as? PracticeServerError { throw error }
            throw PracticeServerError(
                .bindFailed,
                "The practice server cannot listen on \(configuration.host):\(configuration.port); "
                    + "choose another port, or 0 for any free one.",
                cause: error
            )
        }
    }

    /// What was counted so far; after `stop`, what was counted at the end.
    package func truth() async -> Truth {
        if let truth = final.withLock({ $0 }) { return truth }
        let loop = channel.eventLoop
        do {
            return try await loop.submit { [count] in count() }.get()
        } catch {
            // The loop takes nothing more once the server was stopped, and then the last count is there.
            return final.withLock { $0 } ?? emptyTruth
        }
    }

    /// Stops to listen, closes all connections and writes the truth file, if one is wanted.
    ///
    /// What is open at that moment is counted as open. A second call does nothing.
    ///
    /// - Throws: `PracticeServerError` with the code `truthNotWritten`.
    package func stop() async throws(PracticeServerError) {
        guard final.withLock({ $0 }) == nil else { return }
        let loop = channel.eventLoop
        let counted = try? await loop.submit { [count, halt] in
            halt()
            return count()
        }.get()
        guard let counted, keep(counted) else { return }
        try? await channel.close()
        try? await group.shutdownGracefully()
        if let path = configuration.truth { try TruthFile.write(counted, to: path) }
    }

    /// Keeps the last count; false where another call of `stop` was faster.
    private func keep(_ truth: Truth) -> Bool {
        final.withLock { kept in
            guard kept == nil else { return false }
            kept = truth
            return true
        }
    }

    private var emptyTruth: Truth {
        Truth(
            system: configuration.system,
            seed: configuration.seed,
            faults: configuration.faults.map(\.description),
            startedAt: 0,
            countedAt: 0
        )
    }
}
