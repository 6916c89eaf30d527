/// How the process ends, for scripts and CI servers.
package enum ExitCode: Int32, Sendable {
    case passed = 0
    case wrongUsage = 64
    case checkFailed = 99
    case scenarioInvalid = 104
    case interrupted = 105
    case targetNeverReached = 110
    case generatorWasBottleneck = 111

    /// The one that counts where several apply: 104, 110, 105, 111, 99; 0 where none does.
    ///
    /// Wrong usage is found before anything else can be, and so comes first.
    package static func deciding(_ codes: some Sequence<ExitCode>) -> ExitCode {
        let codes = Set(codes)
        return precedence.first { codes.contains($0) } ?? .passed
    }

    private static let precedence: [ExitCode] = [
        .wrongUsage, .scenarioInvalid, .targetNeverReached, .interrupted, .generatorWasBottleneck, .checkFailed,
    ]

    /// What it says of a run, in a few words.
    package var meaning: String {
        switch self {
        case .passed: "passed"
        case .wrongUsage: "wrong usage"
        case .checkFailed: "a check failed"
        case .scenarioInvalid: "the scenario is invalid"
        case .interrupted: "interrupted"
        case .targetNeverReached: "the target was never reached"
        case .generatorWasBottleneck: "the generator was the bottleneck"
        }
    }
}
