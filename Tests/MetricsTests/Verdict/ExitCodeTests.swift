import Testing

@testable import Metrics

@Suite("Exit codes")
struct ExitCodeTests {
    @Test("the numbers are those of the contract")
    func numbers() {
        let numbers = [
            ExitCode.passed, .wrongUsage, .checkFailed, .scenarioInvalid, .interrupted, .targetNeverReached,
            .generatorWasBottleneck,
        ].map(\.rawValue)
        #expect(numbers == [0, 64, 99, 104, 105, 110, 111])
    }

    @Test("where several apply, the order is 104, 110, 105, 111, 99")
    func precedence() {
        let order: [ExitCode] = [
            .scenarioInvalid, .targetNeverReached, .interrupted, .generatorWasBottleneck, .checkFailed,
        ]
        for (index, code) in order.enumerated() {
            #expect(ExitCode.deciding(order[index...].reversed()) == code)
            #expect(ExitCode.deciding([code, .passed]) == code)
        }
        #expect(ExitCode.deciding([ExitCode]()) == .passed)
        #expect(ExitCode.deciding([.passed]) == .passed)
    }
}
