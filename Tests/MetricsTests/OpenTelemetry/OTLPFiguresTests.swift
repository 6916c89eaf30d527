import Foundation
import Testing

@testable import Metrics

@Suite("Figures as OpenTelemetry has them")
struct OTLPFiguresTests {
    private let run = SampleRun()
    private let resource = OTLPResource(
        version: "1.2.3",
        scenario: "sample",
        target: "ws://localhost:3002",
        seed: .max,
        run: "sample-1",
        instance: "i"
    )

    private func requests(_ secrets: [String] = [SampleRun.secret]) throws -> [OTLP.Decoded.Request] {
        let figures = OTLPFigures(
            run.summary.totals,
            startEpochMilliseconds: 1_700_000_000_000,
            epochMilliseconds: 1_700_000_003_250,
            activeClients: [3, 0],
            lag: run.summary.totals.overall.lag,
            redactor: Redactor(secrets: secrets)
        )
        return try figures.bodies(of: resource).map {
            try JSONDecoder().decode(OTLP.Decoded.Request.self, from: Data($0))
        }
    }

    private func metrics(_ secrets: [String] = [SampleRun.secret]) throws -> [String: OTLP.Decoded.Metric] {
        var metrics: [String: OTLP.Decoded.Metric] = [:]
        for request in try requests(secrets) {
            for metric in try #require(request.resourceMetrics.first?.scopeMetrics.first).metrics {
                #expect(metrics.updateValue(metric, forKey: metric.name) == nil)
            }
        }
        return metrics
    }

    @Test("Counters are cumulative sums by group and name, and are those of the run")
    func counters() throws {
        let metric = try #require(try metrics()["reprise.count"])
        let sum = try #require(metric.sum)
        #expect(sum.aggregationTemporality == 2)
        #expect(sum.isMonotonic)
        #expect(sum.dataPoints.allSatisfy { $0.startTimeUnixNano == "1700000000000000000" })
        #expect(sum.dataPoints.allSatisfy { $0.timeUnixNano == "1700000003250000000" })
        var counts: [String: Int] = [:]
        for point in sum.dataPoints {
            let key = "\(point["group"])/\(point["metric"])"
            #expect(counts.updateValue(try #require(Int(point.asInt ?? "")), forKey: key) == nil)
        }
        #expect(!counts.keys.contains { $0.hasPrefix("all/") })
        for name in ["join.count", "join.failed", "messages.sent", "stream.missing", "mine", "errors.closed.1006"] {
            for group in run.table.groups {
                #expect(counts["\(group)/\(name)"] == run.summary.totals.count(name, group: group), "\(name)")
            }
        }
        #expect(counts["visitor/messages.sent"] == 3000)
    }

    @Test("Times are histograms in seconds whose buckets, sum and ends are those of the samples")
    func histograms() throws {
        let metric = try #require(try metrics()["reprise.latency"])
        #expect(metric.unit == "s")
        let points = try #require(metric.histogram).dataPoints
        let point = try #require(points.first { $0["group"] == "visitor" && $0["metric"] == "join" })
        // Two seconds of ten samples: 1.234567 ms, twice that, … ten times that.
        #expect(point.count == "20")
        #expect(point.min == 0.001235)
        #expect(point.max == 0.012346)
        #expect(abs((point.sum ?? 0) - 2 * 55 * 0.001234567) < 1e-5)
        let bounds = try #require(point.explicitBounds)
        let counts = try #require(point.bucketCounts).compactMap { Int($0) }
        #expect(counts.count == bounds.count + 1)
        #expect(bounds == bounds.sorted())
        var expected = [Int](repeating: 0, count: counts.count)
        for number in 1...10 {
            let seconds = Double(number) * 0.001234567
            expected[bounds.firstIndex { seconds <= $0 } ?? bounds.count] += 2
        }
        #expect(counts == expected)
    }

    @Test("A sample on a bound is in the bucket that ends with it, and what is beyond all in the last")
    func bounds() {
        var histogram = Histogram()
        for value in [0, 100, 101, 250, 1000, 75_000_000, 80_000_000] { histogram.record(value) }
        let buckets = BucketBounds(.milliseconds)
        let counts = buckets.counts(of: histogram)
        #expect(counts.reduce(0, +) == 7)
        #expect(counts[0] == 2)
        #expect(counts[1] == 2)
        #expect(counts[4] == 1)
        #expect(counts[buckets.bounds.count - 1] == 1)
        #expect(counts[buckets.bounds.count] == 1)
        #expect(buckets.counts(of: Histogram()) == buckets.bounds.map { _ in 0 } + [0])
    }

    @Test("Gauges say who is there and how the generator does")
    func gauges() throws {
        let metrics = try metrics()
        let clients = try #require(metrics["reprise.clients.active"]?.gauge).dataPoints
        #expect(clients.map { $0["group"] } == ["visitor", "dashboard"])
        #expect(clients.map(\.asInt) == ["3", "0"])
        let lag = try #require(metrics["reprise.generator.lag"]?.gauge).dataPoints
        #expect(lag.map { $0["statistic"] } == ["p50", "p99", "max"])
        #expect(lag.map(\.asDouble) == [0.0001, 0.0001, 0.0001])
        #expect(metrics["reprise.generator.cpu"]?.gauge?.dataPoints.first?.asDouble == 1.0 / 6)
        #expect(metrics["reprise.size"]?.unit == "1")
    }

    @Test("The resource says which run it is")
    func attributes() throws {
        let resource = try #require(try requests().first?.resourceMetrics.first?.resource)
        let attributes = Dictionary(uniqueKeysWithValues: resource.attributes.map { ($0.key, $0.value.stringValue) })
        #expect(
            attributes == [
                "service.name": "reprise", "service.version": "1.2.3", "service.instance.id": "i",
                "reprise.scenario": "sample", "reprise.target": "ws://localhost:3002",
                "reprise.seed": "18446744073709551615", "reprise.run": "sample-1",
            ]
        )
    }

    @Test("Many points go in several requests, none of them lost or sent twice")
    func batches() throws {
        let groups = (0..<60).map { "group\($0)" }
        let table = MetricTable(groups: groups)
        let totals = RunTotals(table: table, phaseNames: [])
        let figures = OTLPFigures(
            totals,
            startEpochMilliseconds: 0,
            epochMilliseconds: 0,
            activeClients: nil,
            lag: Histogram(),
            redactor: Redactor()
        )
        let requests = try figures.bodies(of: resource).map {
            try JSONDecoder().decode(OTLP.Decoded.Request.self, from: Data($0))
        }
        #expect(requests.count > 1)
        var seen: [String] = []
        for request in requests {
            let metrics = try #require(request.resourceMetrics.first?.scopeMetrics.first).metrics
            let points = metrics.flatMap { ($0.sum?.dataPoints ?? []) + ($0.gauge?.dataPoints ?? []) }
            #expect(points.count <= OTLPFigures.pointLimit && !points.isEmpty)
            seen += points.map { "\($0["group"])/\($0["metric"])" }
        }
        let counters = MeasuredRows(table: table, totals: totals.overall).counters.filter { $0.group != "all" }
        #expect(seen.count == counters.count + 1)
        #expect(Set(seen).count == seen.count)
    }

    @Test("Secrets go out nowhere")
    func secrets() throws {
        var resource = resource
        resource.target = "ws://\(SampleRun.secret)"
        let figures = OTLPFigures(
            run.summary.totals,
            startEpochMilliseconds: 0,
            epochMilliseconds: 0,
            activeClients: nil,
            lag: Histogram(),
            redactor: Redactor(secrets: [SampleRun.secret])
        )
        for body in try figures.bodies(of: resource) {
            let text = String(decoding: body, as: UTF8.self)
            #expect(!text.contains(SampleRun.secret))
            #expect(text.contains("ws://[redacted]"))
        }
    }

    @Test(
        "A secret that is a number, or a word of Reprise's own, leaves numbers and metrics as they are",
        arguments: ["170", "000", "reprise", "count", "metric"]
    )
    func numbers(secret: String) throws {
        let plain = try metrics([])
        let redacted = try metrics([secret])
        #expect(redacted.keys.sorted() == plain.keys.sorted())
        for (name, metric) in redacted {
            let data = try #require(metric.sum ?? metric.gauge ?? metric.histogram)
            for point in data.dataPoints {
                #expect(["1700000000000000000", nil].contains(point.startTimeUnixNano), "\(name)")
                #expect(point.timeUnixNano == "1700000003250000000", "\(name)")
                let numbers = [point.asInt, point.count].compactMap(\.self) + (point.bucketCounts ?? [])
                #expect(numbers.allSatisfy { Int($0) != nil }, "\(name)")
                #expect(!point.attributes.contains { $0.value.stringValue.contains(secret) }, "\(name)")
            }
        }
        let total = { (metrics: [String: OTLP.Decoded.Metric]) in
            metrics["reprise.count"]?.sum?.dataPoints.reduce(0) { $0 + (Int($1.asInt ?? "") ?? 0) }
        }
        #expect(total(redacted) == total(plain))
        #expect(total(plain) ?? 0 > 0)
    }

    @Test("Counters that are one without their secrets are one point")
    func merged() throws {
        let points = try #require(try metrics(["sent", "received"])["reprise.count"]?.sum).dataPoints
        let names = points.map { "\($0["group"])/\($0["metric"])" }
        #expect(names.contains { $0.contains(Redactor.mark) })
        #expect(Set(names).count == names.count)
    }

    @Test(
        "What a collector says of what it took",
        arguments: [
            ("{}", 0, ""), ("", 0, ""), ("nonsense", 0, ""), ("[]", 0, ""),
            (#"{"partialSuccess":{}}"#, 0, ""),
            (#"{"partialSuccess":{"rejectedDataPoints":"3","errorMessage":"too old"}}"#, 3, "too old"),
            (#"{"partialSuccess":{"rejectedDataPoints":4}}"#, 4, ""),
            (#"{"partialSuccess":{"errorMessage":"a\nb"}}"#, 0, #"a\nb"#),
            (#"{"partialSuccess":{"rejectedDataPoints":"-3"}}"#, 0, ""),
            (#"{"partialSuccess":{"rejectedDataPoints":1e400}}"#, 0, ""),
        ]
    )
    func answers(_ body: String, _ rejected: Int, _ message: String) {
        let answer = OTLPAnswer(Array(body.utf8))
        #expect(answer.rejected == rejected)
        #expect(answer.message == message)
    }

    @Test("Why a collector turned something down, as far as it says so")
    func reasons() {
        #expect(OTLPAnswer.reason(Array(#"{"code":3,"message":"bad"}"#.utf8)) == "bad")
        #expect(OTLPAnswer.reason(Array("no\u{1B}[31m key\n".utf8)) == "no\\u{1b}[31m key")
        #expect(OTLPAnswer.reason(Array("<html>401</html>".utf8)) == "")
        #expect(OTLPAnswer.reason([]) == "")
    }
}

extension OTLP {
    /// The same messages for who reads them, with what the tests look at.
    enum Decoded {
        struct Request: Decodable {
            var resourceMetrics: [ResourceMetrics]
        }
        struct ResourceMetrics: Decodable {
            var resource: Resource
            var scopeMetrics: [ScopeMetrics]
        }
        struct Resource: Decodable {
            var attributes: [Attribute]
        }
        struct ScopeMetrics: Decodable {
            var metrics: [Metric]
        }
        struct Metric: Decodable {
            var name: String
            var unit: String
            var sum: Data?
            var gauge: Data?
            var histogram: Data?
        }
        struct Data: Decodable {
            var dataPoints: [Point]
            var aggregationTemporality: Int?
            var monotonic: Bool?
            var isMonotonic: Bool { monotonic ?? false }

            enum CodingKeys: String, CodingKey {
                case dataPoints, aggregationTemporality
                case monotonic = "isMonotonic"
            }
        }
        struct Point: Decodable {
            var attributes: [Attribute]
            var startTimeUnixNano: String?
            var timeUnixNano: String
            var asInt: String?
            var asDouble: Double?
            var count: String?
            var sum: Double?
            var min: Double?
            var max: Double?
            var bucketCounts: [String]?
            var explicitBounds: [Double]?

            subscript(key: String) -> String { attributes.first { $0.key == key }?.value.stringValue ?? "" }
        }
        struct Attribute: Decodable {
            struct Value: Decodable {
                var stringValue: String
            }
            var key: String
            var value: Value
        }
    }
}
