import Testing

@testable import Metrics

@Suite("Prometheus text")
struct PrometheusTextTests {
    private func text(_ format: PrometheusText.Format = .prometheus, isOver: Bool = false) -> String {
        var run = LiveRun(
            groups: ["a\"b\\c\nd", "dashboard"],
            checks: ["join.p95 < 1s", "ping.p95 < 1s", "join.failed == 0"]
        )
        run.recorder.failed(run.join, group: 0)
        run.recorder.received(unknown: "odd \"name\"", group: 0)
        let figures = run.second(0, errors: ["timeout"], lag: Array(repeating: 500_000, count: 100))
        let totals = LiveTotals(run.collector.totals, redactor: run.redactor)
        return PrometheusText.text(run.plan, figures, totals, isOver: isOver, format: format)
    }

    @Test("has what the run has")
    func lines() {
        let lines = Set(text().split(separator: "\n").map(String.init))
        for line in [
            #"reprise_run_info{scenario="storm",target="ws://localhost:3002/?token=[redacted]",seed="7",version="1.2.3"} 1"#,
            "reprise_run_planned_seconds 10", "reprise_run_elapsed_seconds 1", "reprise_run_over 0",
            #"reprise_run_phase{phase="ramp"} 1"#, #"reprise_run_phase{phase="steady"} 0"#,
            #"reprise_clients_active{group="dashboard"} 11"#,
            #"reprise_generator_lag_seconds{statistic="p99"} 0.0005"#,
            #"reprise_check{check="join.p95 < 1s"} 1"#, #"reprise_check{check="join.failed == 0"} 0"#,
            "# TYPE reprise_count_total counter", "# TYPE reprise_latency_seconds histogram",
            #"reprise_count_total{name="messages.sent",group="dashboard"} 0"#,
            #"reprise_count_total{name="received.odd \"name\"",group="a\"b\\c\nd"} 1"#,
            #"reprise_latency_seconds_bucket{metric="join",group="a\"b\\c\nd",le="0.05"} 50"#,
            #"reprise_latency_seconds_bucket{metric="join",group="a\"b\\c\nd",le="+Inf"} 100"#,
            #"reprise_latency_seconds_count{metric="join",group="a\"b\\c\nd"} 100"#,
            #"reprise_latency_seconds_sum{metric="join",group="a\"b\\c\nd"} 5.05"#,
        ] {
            #expect(lines.contains(line), "\(line)")
        }
        // Nothing was measured that it could read.
        #expect(!lines.contains { $0.hasPrefix(#"reprise_check{check="ping"#) })
    }

    @Test(
        "names every series once, below the head of its family",
        arguments: [PrometheusText.Format.prometheus, .openMetrics]
    )
    func structure(format: PrometheusText.Format) {
        var families: Set<String> = []
        var series: Set<String> = []
        var family = ""
        for line in text(format).split(separator: "\n") {
            if line.hasPrefix("# HELP ") {
                family = String(line.split(separator: " ")[2])
                #expect(families.insert(family).inserted, "\(family) comes twice")
            } else if line.hasPrefix("# TYPE ") {
                #expect(line.split(separator: " ")[2] == family)
            } else if line != "# EOF" {
                #expect(line.hasPrefix(family), "\(line) in \(family)")
                let name = line.lastIndex(of: " ").map { line[..<$0] } ?? line
                #expect(series.insert(String(name)).inserted, "\(name) comes twice")
            }
        }
        #expect(series.count > 150)
        #expect(families.allSatisfy { $0.wholeMatch(of: /[a-z_:][a-z0-9_:]*/) != nil })
    }

    @Test("ends as OpenMetrics wants it, and calls counters as it does")
    func openMetrics() {
        let text = text(.openMetrics)
        #expect(text.hasSuffix("\n# EOF\n"))
        #expect(text.contains("# TYPE reprise_count counter\n"))
        #expect(text.contains("le=\"1.0\""))
        #expect(!self.text().contains("# EOF"))
    }

    @Test("says that a run is over, and has nothing to say before the first")
    func states() {
        #expect(text(isOver: true).contains("reprise_run_over 1\n"))
        #expect(!text(isOver: true).contains(#"phase="ramp"} 1"#))
        #expect(PrometheusText.text(nil, nil, nil, isOver: false, format: .prometheus) == "")
        #expect(PrometheusText.text(nil, nil, nil, isOver: false, format: .openMetrics) == "# EOF\n")
    }

    @Test("says of a last second that was cut short how long it was")
    func lastSecond() throws {
        var run = LiveRun()
        let seconds = run.collector.add(
            run.recorder.takeSnapshot(second: 0, phase: 0, isWarmup: false, at: 250_000_000, activeClients: [0, 0])
        )
        let figures = LiveFigures(
            seconds[0],
            totals: run.collector.totals,
            plan: run.plan,
            main: MainMetrics(table: run.table, checks: []),
            redactor: run.redactor
        )
        let text = PrometheusText.text(run.plan, figures, nil, isOver: true, format: .prometheus)
        #expect(text.contains("reprise_run_elapsed_seconds 0.25\n"))
    }
}
