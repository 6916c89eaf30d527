import Testing

@testable import Metrics

@Suite struct StudentDistributionTests {
    @Test(
        "tails are those of the tables",
        arguments: [
            (2.0, 10.0, 0.073_388_034_770_740_36), (3.1, 3.5, 0.043_354_705_854_380_82),
            (12, 4, 0.000_276_428_548_502_973),
            (1.96, 1e6, 0.049_996_067_585), (0.5, 1, 0.704_832_764_699_133_4), (0, 5, 1),
        ]
    )
    func tails(value: Double, degrees: Double, expected: Double) {
        let tail = StudentDistribution(degrees: degrees).twoSidedTail(value)
        #expect(abs(tail - expected) < 1e-6 * max(expected, 1e-3))
        #expect(abs(StudentDistribution(degrees: degrees).twoSidedTail(-value) - tail) < 1e-15)
    }

    @Test("the quantile undoes the tail", arguments: [1, 2, 3.7, 8, 100])
    func quantiles(degrees: Double) {
        let distribution = StudentDistribution(degrees: degrees)
        for tail in [0.5, 0.05, 0.001, 1e-6] {
            #expect(abs(distribution.twoSidedTail(distribution.twoSidedQuantile(tail)) / tail - 1) < 1e-6)
        }
        #expect(abs(StudentDistribution(degrees: 4).twoSidedQuantile(0.05) - 2.776_445_105_197_793) < 1e-9)
    }

    @Test("what is no number, or endless, has a tail all the same")
    func extremes() {
        let distribution = StudentDistribution(degrees: 3)
        #expect(distribution.twoSidedTail(.infinity) == 0)
        #expect(distribution.twoSidedTail(.nan) == 1)
        #expect(distribution.twoSidedQuantile(0) == .infinity)
        #expect(distribution.twoSidedQuantile(1) == 0)
        #expect(StudentDistribution(degrees: .nan).degrees == 1)
    }
}
