import Testing

@testable import Metrics

@Suite struct ExactRateTestTests {
    /// Twice the smaller tail of the hypergeometric distribution, by SciPy.
    @Test(
        "p-values are those of the hypergeometric distribution",
        arguments: [
            (0, 1000, 5, 1000, 0.062_187_578_516_348_8), (3, 4000, 0, 4000, 0.249_906_238_279_785),
            (12, 500, 30, 480, 0.004_406_640_874_247_991), (0, 10, 10, 10, 0.000_010_825_088_224_469_03),
            (100, 100_000, 160, 100_000, 0.000_236_731_676_666_009_74),
        ]
    )
    func values(failed: Int, all: Int, otherFailed: Int, otherAll: Int, expected: Double) {
        let value = ExactRateTest.pValue((failed, all), (otherFailed, otherAll))
        #expect(abs(value / expected - 1) < 1e-6)
        #expect(abs(ExactRateTest.pValue((otherFailed, otherAll), (failed, all)) / expected - 1) < 1e-6)
    }

    @Test("nothing that failed, and nothing that was done, tells nothing")
    func nothing() {
        #expect(ExactRateTest.pValue((0, 10), (0, 1000)) == 1)
        #expect(ExactRateTest.pValue((10, 10), (20, 20)) == 1)
        #expect(ExactRateTest.pValue((0, 0), (5, 10)) == 1)
    }

    @Test("counts of millions, and ones that no run has, take no time and do no harm")
    func large() {
        let even = ExactRateTest.pValue((5_000_000, 100_000_000), (5_000_000, 100_000_000))
        #expect(abs(even - 1) < 1e-6)
        let most = WholeNumber.most
        #expect(ExactRateTest.pValue((most / 2, most), (most / 2, most)) == 1)
        #expect(ExactRateTest.pValue((most - 1, most), (1, most)) == 0)
        #expect(ExactRateTest.pValue((900, 1_000), (1, 1_000_000_000)) == 0)
        // 5.0 % and 5.01 % of a hundred million: 3.24 standard deviations.
        let small = ExactRateTest.pValue((5_000_000, 100_000_000), (5_010_000, 100_000_000))
        #expect(small > 0.0010 && small < 0.0014)
    }
}
