import Testing

@testable import Metrics

@Suite("Reading checks")
struct CheckParsingTests {
    static let names = CheckNames(
        groups: ["visitor", "dash board"],
        phases: ["steady", "ramp/up"],
        measures: ["join", "ack.save", "ack./admin,save", "a.b"],
        streams: ["answer"],
        plans: ["task"],
        counters: ["session_not_restored", "x.failed"],
        events: ["welcome", "rate"]
    )

    private func parse(_ text: String) throws(CheckSyntaxError) -> Check {
        try Check.parse(text, names: Self.names)
    }

    @Test(
        "metrics and statistics are told apart, dots in names or not",
        arguments: [
            ("join.p95 < 250ms", "join", .percentile(95), 250_000),
            ("join.service.p95 < 250ms", "join.service", .percentile(95), 250_000),
            ("answer.first_chunk.p99 < 1s", "answer.first_chunk", .percentile(99), 1_000_000),
            ("answer.first_chunk.service.max < 1s", "answer.first_chunk.service", .max, 1_000_000),
            ("answer.gap.p99.9<500ms", "answer.gap", .percentile(99.9), 500_000),
            ("answer.gap.p99.99<=0.5s", "answer.gap", .percentile(99.99), 500_000),
            ("answer.chunks.mean >= 12.5", "answer.chunks", .mean, 12.5),
            ("answer.chunks.min == 40", "answer.chunks", .min, 40),
            ("answer.chunks.count > 0", "answer.chunks", .count, 0),
            ("answer.missing == 0", "answer.missing", nil, 0),
            ("answer.count > 10", "answer.count", nil, 10),
            ("stream.broken == 0", "stream.broken", nil, 0),
            ("plan.runaway == 0", "plan.runaway", nil, 0),
            ("task.runaway != 3", "task.runaway", nil, 3),
            ("task.plans.max <= 30", "task.plans", .max, 30),
            ("task.round_trip.p50 < 100 ms", "task.round_trip", .percentile(50), 100_000),
            ("session_not_restored == 0", "session_not_restored", nil, 0),
            ("errors.closed.1008 == 0", "errors.closed.1008", nil, 0),
            ("errors.closed.1008.rate < 2", "errors.closed.1008", .rate, 2),
            ("errors.refused < 5", "errors.refused", nil, 5),
            ("errors.generator.descriptors == 0", "errors.generator.descriptors", nil, 0),
            ("received.welcome > 5", "received.welcome", nil, 5),
            ("received.welcome.rate > 5/s", "received.welcome", .rate, 5),
            ("received.rate > 5", "received.rate", nil, 5),
            ("received.agent.said == 0", "received.agent.said", nil, 0),
            ("received.agent.said.count == 0", "received.agent.said", .count, 0),
            ("messages.sent.rate >= 1000", "messages.sent", .rate, 1000),
            ("connect.rate > 10", "connect", .rate, 10),
            ("connect.count > 10", "connect.count", nil, 10),
            ("connect.tcp.p90 < 2m", "connect.tcp", .percentile(90), 120_000_000),
            ("a.b.p50 < 20us", "a.b", .percentile(50), 20),
            ("ack.save.p50 < 20 µs", "ack.save", .percentile(50), 20),
            ("ack./admin,save.p50 < 20 µs", "ack./admin,save", .percentile(50), 20),
            ("generator.lag.p99 < 10ms", "generator.lag", .percentile(99), 10_000),
            ("generator.lag.max < 1s", "generator.lag.max", nil, 1_000_000),
            ("generator.stalled < 1h", "generator.stalled", nil, 3_600_000_000),
            ("generator.memory < 500MB", "generator.memory", nil, 500_000_000),
            ("generator.memory < 1 GiB", "generator.memory", nil, 1_073_741_824),
            ("generator.descriptors < 1000", "generator.descriptors", nil, 1000),
            ("send.queued.p99 < 16KB", "send.queued", .percentile(99), 16_000),
            ("  clients.active   >=\t500  ", "clients.active", nil, 500),
        ] as [(String, String, Check.Statistic?, Double)]
    )
    func accepted(text: String, metric: String, statistic: Check.Statistic?, threshold: Double) throws {
        let check = try parse(text)
        #expect(check.metric == metric)
        #expect(check.statistic == statistic)
        #expect(abs(check.threshold - threshold) < 1e-9 * max(threshold, 1))
        #expect(check.group == nil && check.phase == nil)
        #expect(check.text == text.trimmingBlanks)
    }

    @Test(
        "ratios are compared with percentages, and so are counts of failures",
        arguments: [
            ("errors.rate < 0.1%", "errors.rate", 0.001), ("connect.failed.rate < 5%", "connect.failed.rate", 0.05),
            ("connect.failed < 5%", "connect.failed.rate", 0.05), ("connect.failed<5 %", "connect.failed.rate", 0.05),
            ("operations.failed < 1%", "errors.rate", 0.01), ("join.failed > 2%", "join.failed.rate", 0.02),
            ("task.failed == 0%", "task.failed.rate", 0), ("errors.rate == 0", "errors.rate", 0),
            ("generator.cpu < 80%", "generator.cpu", 0.8),
        ]
    )
    func ratios(text: String, metric: String, threshold: Double) throws {
        let check = try parse(text)
        #expect(check.metric == metric)
        #expect(check.kind == .ratio)
        #expect(check.statistic == nil)
        #expect(abs(check.threshold - threshold) < 1e-12)
    }

    @Test("a plain number keeps a count of failures a count")
    func failedCount() throws {
        let check = try parse("connect.failed < 5")
        #expect(check.metric == "connect.failed")
        #expect(check.kind == .count)
    }

    @Test(
        "groups and phases stand before the metric",
        arguments: [
            ("visitor/join.p50 < 1s", "visitor", nil), ("steady:join.p50 < 1s", nil, "steady"),
            ("visitor/steady:join.p50 < 1s", "visitor", "steady"),
            ("dash board / steady : join.p50 < 1s", "dash board", "steady"),
            ("all/join.p50 < 1s", nil, nil),
        ] as [(String, String?, String?)]
    )
    func scopes(text: String, group: String?, phase: String?) throws {
        let check = try parse(text)
        #expect(check.group == group)
        #expect(check.phase == phase)
        #expect(check.metric == "join")
    }

    @Test("all six comparisons are read", arguments: Check.Comparison.allCases)
    func comparisons(comparison: Check.Comparison) throws {
        #expect(try parse("stream.broken \(comparison.rawValue) 1").comparison == comparison)
        #expect(try parse("stream.broken\(comparison.rawValue)1").comparison == comparison)
    }

    @Test("the reader passes on what the scenario says beside the text")
    func options() throws {
        let check = try Check.parse(
            "stream.broken == 0",
            isOptional: true,
            aborts: true,
            after: .seconds(10),
            names: CheckNames()
        )
        #expect(check.isOptional && check.aborts)
        #expect(check.after == .seconds(10))
    }

    @Test(
        "what is wrong is said with its place and with what was probably meant",
        arguments: [
            ("jion.p95 < 250ms", "jion", "join.p95"), ("join.p95x < 1s", "p95x", "join.p95"),
            ("conect.failed.rate < 5%", "conect.failed.rate", "connect.failed.rate"),
            ("stream.borken == 0", "stream.borken", "stream.broken"),
            ("answer.frist_chunk.p99 < 1s", "answer.frist_chunk", "answer.first_chunk.p99"),
            ("visitr/join.p95 < 1s", "visitr", "visitor"), ("stedy:join.p95 < 1s", "stedy", "steady"),
            ("visitor/stedy : join.p95 < 1s", "stedy", "steady"), ("/join.p95 < 1s", "/", nil),
            ("elephants == 0", "elephants", nil), ("errors.refusd == 0", "errors.refusd", "errors.refused"),
            ("errors.closed.banana == 0", "errors.closed.banana", nil), ("errors. == 0", "errors.", nil),
            ("join < 1s", "", "join.p95"), ("answer.chunks < 5", "", "answer.chunks.max"),
            ("join.p95 = 1s", "=", "=="), ("join.p95 => 1s", "=>", ">="), ("join.p95 =< 1s", "=<", "<="),
            ("join.p95 <> 1s", "<>", "!="), ("join.p95 <<< 1s", "<<<", nil), ("join.p95 1s", "", nil),
            ("join.p95", "", nil), ("join.p95 <", "", nil), ("", "", nil), ("   ", "", nil), ("< 5", "", nil),
            ("join.p95 < 250", "250", "250ms"), ("join.p95 < 5%", "5%", nil), ("join.p95 < 5KB", "5KB", nil),
            ("join.p95 < 5 parsecs", "parsecs", nil), ("join.p95 < 5parsecs", "parsecs", nil),
            ("join.p95 < 1S", "S", "1s"),
            ("join.p95 < -1s", "-1s", nil), ("join.p95 < fast", "fast", nil), ("join.p95 < 1e3ms", "e3ms", nil),
            ("join.p95 < .5s", ".5s", nil), ("join.p95 < 1..5s", "1..5s", nil), ("join.p95 < infs", "infs", nil),
            ("stream.broken < 5%", "5%", nil), ("stream.broken < 5ms", "5ms", nil),
            ("answer.chunks.p50 < 5ms", "5ms", nil),
            ("errors.rate < 5", "5", "5%"), ("errors.rate < 5ms", "5ms", nil), ("join.count < 5%", "5%", nil),
            ("stream.broken.p95 < 5", "p95", "stream.broken"), ("errors.rate.max < 5%", "max", "errors.rate"),
            ("join.p0 < 1s", "p0", nil), ("join.p100 < 1s", "p100", nil), ("join.p < 1s", "p", nil),
            ("join.p95 < 1s and join.p99 < 2s", "and join.p99 < 2s", nil), ("join.p95 < 1s 2s", "2s", nil),
            ("visitor/generator.cpu < 50%", "visitor/", nil), ("visitor/generator.lag.p99 < 1s", "visitor/", nil),
            ("steady:generator.memory < 5MB", "steady:", nil),
            ("session_not_restord == 0", "session_not_restord", "session_not_restored"),
            ("x.failed < 5%", "5%", nil), ("clients.failed < 5%", "5%", nil), ("plan.failed < 5%", "5%", nil),
            ("héllo.p95 < 1s", "héllo", nil),
        ] as [(String, String, String?)]
    )
    func rejected(text: String, place: String, suggestion: String?) {
        let error = #expect(throws: CheckSyntaxError.self) { try parse(text) }
        guard let error else { return }
        let bytes = Array(text.utf8)
        #expect(error.range.lowerBound >= 0 && error.range.upperBound <= bytes.count)
        #expect(String(decoding: bytes[error.range], as: UTF8.self) == place, "\(error.message)")
        if let suggestion { #expect(error.suggestion == suggestion) }
        #expect(error.message.hasSuffix("."))
    }

    @Test("no text, however broken, does more than fail", arguments: 0..<300)
    func hostile(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let pieces = [
            "join", ".", "p95", "<", ">", "=", "!", " ", "/", ":", "5", "%", "ms", "é", "visitor", "steady", "\n",
            "errors.",
            "received.", "9999999999999999999999999999", "🙂", "\u{0}", "1.5",
        ]
        var text = ""
        for _ in 0..<Int.random(in: 1...12, using: &generator) {
            text += pieces.randomElement(using: &generator) ?? ""
        }
        do throws(CheckSyntaxError) {
            _ = try parse(text)
        } catch {
            #expect(error.range.upperBound <= text.utf8.count)
        }
    }

    @Test("the checks of the worked example are understood")
    func example() throws {
        let names = CheckNames(
            measures: ["join"],
            streams: ["answer"],
            plans: ["task"],
            counters: ["session_not_restored"]
        )
        for text in [
            "join.p95 < 250ms", "answer.first_chunk.p99 < 1s", "answer.gap.p99 < 500ms", "stream.broken == 0",
            "plan.runaway == 0", "plan.stalled == 0", "session_not_restored == 0", "errors.rate < 0.1%",
            "connect.failed < 5%",
        ] {
            _ = try Check.parse(text, names: names)
        }
    }
}

extension String {
    var trimmingBlanks: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
