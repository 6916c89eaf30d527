import Testing

@testable import Metrics

@Suite("The text that servers show Prometheus")
struct ExpositionReaderTests {
    private func read(_ text: String) -> (samples: [ExpositionReader.Sample], malformed: Int) {
        read(Array(text.utf8))
    }

    private func read(_ bytes: [UInt8]) -> (samples: [ExpositionReader.Sample], malformed: Int) {
        var reader = ExpositionReader(bytes)
        var samples: [ExpositionReader.Sample] = []
        while let sample = reader.next() { samples.append(sample) }
        return (samples, reader.malformed)
    }

    private func sample(
        _ name: String,
        _ labels: [(String, String)] = [],
        _ value: Double,
        _ role: ExpositionRole
    ) -> ExpositionReader.Sample {
        ExpositionReader.Sample(
            name: name,
            labels: labels.map { ExpositionReader.Label(name: $0.0, value: $0.1) },
            value: value,
            role: role
        )
    }

    /// The example of the text format's documentation, a little longer.
    static let text = #"""
        # HELP http_requests_total The total number of HTTP requests.
        # TYPE http_requests_total counter
        http_requests_total{method="post",code="200"} 1027 1395066363000
        http_requests_total{method="post",code="400"}    3 1395066363000

        # Escaping in label values:
        msdos_file_access_time_seconds{path="C:\\DIR\\FILE.TXT",error="Cannot find file:\n\"FILE.TXT\""} 1.458255915e9

        # Minimalistic line:
        metric_without_timestamp_and_labels 12.47
        something_weird{problem="division by zero",} +Inf -3982045

        # TYPE http_request_duration_seconds histogram
        http_request_duration_seconds_bucket{le="0.05"} 24054
        http_request_duration_seconds_bucket{le="+Inf"} 144320
        http_request_duration_seconds_sum 53423
        http_request_duration_seconds_count 144320

        # TYPE rpc_duration_seconds summary
        rpc_duration_seconds{quantile="0.5"} 4773
        rpc_duration_seconds_sum 1.7560473e+07
        rpc_duration_seconds_count 2693
        untyped_total 5
        	tabbed 	 -0.5	1
        """#

    @Test("The text format with all that is in it")
    func textFormat() {
        let (samples, malformed) = read(Self.text)
        #expect(malformed == 0)
        #expect(
            samples == [
                sample("http_requests_total", [("method", "post"), ("code", "200")], 1027, .counter),
                sample("http_requests_total", [("method", "post"), ("code", "400")], 3, .counter),
                sample(
                    "msdos_file_access_time_seconds",
                    [("path", #"C:\DIR\FILE.TXT"#), ("error", "Cannot find file:\n\"FILE.TXT\"")],
                    1.458255915e9,
                    .gauge
                ),
                sample("metric_without_timestamp_and_labels", [], 12.47, .gauge),
                sample("something_weird", [("problem", "division by zero")], .infinity, .gauge),
                sample("http_request_duration_seconds_bucket", [("le", "0.05")], 24054, .bucket),
                sample("http_request_duration_seconds_bucket", [("le", "+Inf")], 144320, .bucket),
                sample("http_request_duration_seconds_sum", [], 53423, .sum),
                sample("http_request_duration_seconds_count", [], 144320, .count),
                sample("rpc_duration_seconds", [("quantile", "0.5")], 4773, .gauge),
                sample("rpc_duration_seconds_sum", [], 17560473, .sum),
                sample("rpc_duration_seconds_count", [], 2693, .count),
                sample("untyped_total", [], 5, .counter),
                sample("tabbed", [], -0.5, .gauge),
            ]
        )
    }

    @Test("OpenMetrics names a counter without its ending, and has exemplars, infos and times of creation")
    func openMetrics() {
        let (samples, malformed) = read(
            """
            # TYPE acme_http_router_request_seconds summary
            # UNIT acme_http_router_request_seconds seconds
            acme_http_router_request_seconds_sum{path="/api/v1"} 9036.32
            acme_http_router_request_seconds_count{path="/api/v1"} 807283.0
            acme_http_router_request_seconds_created{path="/api/v1"} 1605281325.0
            # TYPE go_goroutines gauge
            go_goroutines 69
            # TYPE foo counter
            foo_total 17.0 1520879607.789 # {trace_id="KOO5S4vxi0o"} 0.67
            foo_created 1520430000.123
            # TYPE bar histogram
            bar_bucket{le="+Inf"} 8 # {} 0.054
            # TYPE build info
            build_info{version="1"} 1
            # TYPE waiting gaugehistogram
            waiting_gcount 4
            # TYPE feature stateset
            feature{feature="a"} 1
            # EOF
            """
        )
        #expect(malformed == 0)
        let roles: [ExpositionRole] = [
            .sum, .count, .constant, .gauge, .counter, .constant, .bucket, .constant, .gauge, .gauge,
        ]
        #expect(samples.map(\.role) == roles)
        #expect(samples[4].value == 17)
    }

    @Test("A time of creation is one in the text format too, where it has a type of its own")
    func creation() {
        let (samples, _) = read(
            """
            # TYPE hits_total counter
            hits_total 1
            # TYPE hits_created gauge
            hits_created 1.7e9
            # TYPE well_created gauge
            well_created 3
            """
        )
        #expect(samples.map(\.role) == [.counter, .constant, .gauge])
    }

    @Test("Quoted names, as Prometheus 3 has them")
    func quotedNames() {
        let (samples, malformed) = read(
            #"""
            # TYPE "my.requests" counter
            {"my.requests","http.route"="/a",code="200"} 7
            {"alone"} 1
            """#
        )
        #expect(malformed == 0)
        #expect(
            samples == [
                sample("my.requests", [("http.route", "/a"), ("code", "200")], 7, .counter),
                sample("alone", [], 1, .gauge),
            ]
        )
    }

    @Test(
        "What is no such line is counted and left out",
        arguments: [
            "<html>", "a", "a ", "a b", "a{", "a{b}", "a{b=}", #"a{b="c"#, #"a{b="c"}"#, #"a{b="c" d="e"} 1"#, "a 1 x",
            "a 1 2 3",
            "a 0x10", "a 1_000", "a infinity", "9a 1", #"{} 1"#, #"{"a","b"} 1"#, "a{} 1}", "a 1e", "a --1", "é 1",
            #"a{"b"} 1"#,
        ]
    )
    func malformed(_ line: String) {
        let (samples, malformed) = read("before 1\n\(line)\nafter 2\n")
        #expect(samples.map(\.name) == ["before", "after"])
        #expect(malformed == 1)
    }

    @Test(
        "Every start of a text is read as far as its lines go, with lines that end either way",
        arguments: ["\n", "\r\n"]
    )
    func truncation(_ end: String) {
        let bytes = Array(Self.text.replacing("\n", with: end).utf8)
        let whole = read(bytes).samples
        for length in 0...bytes.count {
            let (samples, malformed) = read(Array(bytes[..<length]))
            #expect(malformed <= 1)
            // All but the line that was cut are as in the whole text.
            let kept = samples.dropLast()
            #expect(whole.starts(with: kept), "\(length)")
            #expect(samples.count <= whole.count)
        }
    }

    @Test("Whatever bytes come, the reader comes to their end")
    func randomBytes() {
        var generator = SeededGenerator(seed: 7)
        let pieces = [
            "# TYPE ", "a", "b_total", " counter", " histogram", "{", "}", "=", "\"", "\\", ",", " ", "\n", "\r", "1",
            "NaN", "+Inf",
            "e", "#", "\u{0}", "é", "_bucket", "_count", "_sum",
        ].map { Array($0.utf8) }
        for _ in 0..<3000 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 0...40, using: &generator) {
                if Int.random(in: 0..<10, using: &generator) == 0 {
                    bytes.append(UInt8.random(in: 0...255, using: &generator))
                } else {
                    bytes += pieces.randomElement(using: &generator) ?? []
                }
            }
            let lines = bytes.split(separator: 0x0A).count
            let (samples, malformed) = read(bytes)
            #expect(samples.count + malformed <= lines)
            var tracker = ScrapeTracker()
            _ = tracker.read(bytes, at: 0)
            let rows = tracker.read(bytes, at: 1) ?? []
            #expect(rows.allSatisfy { ($0.value?.isFinite ?? false) && !$0.series.contains("\n") })
        }
    }

    @Test("Long lines and many labels are left out, and cost no more than their bytes")
    func limits() {
        let long = "a{b=\"" + String(repeating: "x", count: 20_000) + "\"} 1"
        let labels = (0..<100).map { "l\($0)=\"v\"" }.joined(separator: ",")
        let (samples, malformed) = read("\(long)\nb{\(labels)} 1\nc 1")
        #expect(samples.map(\.name) == ["c"])
        #expect(malformed == 2)
    }

    @Test("Labels of what nobody wants are not looked at")
    func unwanted() {
        var reader = ExpositionReader(Array("a{broken 1\nb 2\n".utf8)) { name, _ in name == "b" }
        #expect(reader.next()?.name == "b")
        #expect(reader.next() == nil)
        #expect(reader.malformed == 0)
    }
}
