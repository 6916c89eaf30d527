import Testing

@testable import Metrics

@Suite struct HolmCorrectionTests {
    /// Of R: `p.adjust(c(…), "holm")`.
    @Test(
        "values are corrected as R does it",
        arguments: [
            ([0.01, 0.02, 0.03, 0.005], [0.03, 0.04, 0.04, 0.02]),
            ([0.5, 0.001, 0.9, 0.03, 0.03], [1, 0.005, 1, 0.12, 0.12]),
            ([0.04], [0.04]),
            ([], []),
        ]
    )
    func corrected(values: [Double], expected: [Double]) {
        let adjusted = HolmCorrection.adjusted(values)
        #expect(adjusted.count == expected.count)
        for (value, wanted) in zip(adjusted, expected) { #expect(abs(value - wanted) < 1e-12) }
    }
}
