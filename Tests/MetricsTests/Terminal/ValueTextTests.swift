import Testing

@testable import Metrics

@Suite("Numbers as people read them")
struct ValueTextTests {
    @Test(
        "times have three digits and the unit that fits",
        arguments: [
            (0, "0 µs"), (1, "1 µs"), (999, "999 µs"), (999.6, "1 ms"), (1234, "1.23 ms"), (12_345, "12.3 ms"),
            (123_456, "123 ms"), (999_499, "999 ms"), (999_500, "1 s"), (1_420_000, "1.42 s"),
            (3_600_000_000, "3600 s"),
        ]
    )
    func times(microseconds: Double, text: String) {
        #expect(ValueText.time(microseconds: microseconds) == text)
    }

    @Test("other numbers too")
    func others() {
        #expect(ValueText.percent(0.00125) == "0.125 %")
        #expect(ValueText.percent(1) == "100 %")
        #expect(ValueText.number(1_234_567) == "1,234,567")
        #expect(ValueText.number(-1234) == "-1,234")
        #expect(ValueText.number(2.456) == "2.46")
        #expect(ValueText.number(12_345.6) == "12,346")
        #expect(ValueText.number(.infinity) != "")
        #expect(ValueText.bytes(50_000_000) == "50 MB")
        #expect(ValueText.bytes(2_500_000_000) == "2.5 GB")
        #expect(ValueText.grouped(.min) == "-9,223,372,036,854,775,808")
    }
}
