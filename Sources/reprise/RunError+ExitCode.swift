import LoadRunner
import Metrics

extension RunError {
    /// How a process ends that could not begin its run.
    var exitCode: Metrics.ExitCode {
        switch code {
        case .output, .sourceAddress: .wrongUsage
        case .tls, .command: .scenarioInvalid
        case .unknownHost, .practice: .targetNeverReached
        }
    }
}
