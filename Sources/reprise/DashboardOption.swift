import ArgumentParser
import Foundation
import LoadRunner
import Metrics

/// `--dashboard`, whose address may be left out.
enum DashboardOption {
    /// The arguments, with the standard address where the option has none.
    ///
    /// What follows the option is its address only where it looks like one, so that `--dashboard scenario.yaml` is understood;
    /// `99999` looks like one, though there is no such port.
    static func completed(_ arguments: [String]) -> [String] {
        let option = "--dashboard"
        var completed: [String] = []
        var rest = arguments[...]
        while let word = rest.popFirst() {
            if word == "--" { return completed + [word] + rest }
            guard word == option else {
                completed.append(word)
                continue
            }
            let value = rest.first.flatMap { DashboardAddress.isMeant(by: $0) ? rest.popFirst() : nil }
            completed.append("\(option)=\(value ?? ":0")")
        }
        return completed
    }
}

extension RunOptions {
    static func dashboardAddress(_ text: String) throws -> DashboardAddress {
        guard let address = DashboardAddress(text) else {
            throw ValidationError(
                "--dashboard takes HOST:PORT or a port up to 65535, as in 127.0.0.1:9000; not \(text)."
            )
        }
        return address
    }

    /// Runs something while the dashboard is there, if one is asked for, and says where it is.
    func withDashboard(_ body: (Dashboard?) async throws -> Void) async throws {
        guard let dashboard else { return try await body(nil) }
        let server: Dashboard
        do {
            server = try await Dashboard.start(dashboard)
        } catch let error as RunError {
            Console.note("error: \(error.message); see --dashboard")
            throw ArgumentParser.ExitCode(error.exitCode.rawValue)
        }
        if !server.isLoopback {
            Console.note("warning: whoever reaches \(server.url) can watch the run; there is no authentication")
        }
        Console.note("dashboard: \(server.url)")
        do {
            try await body(server)
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }
}
