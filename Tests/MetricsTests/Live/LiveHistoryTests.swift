import Foundation
import Testing

@testable import Metrics

@Suite("Live history")
struct LiveHistoryTests {
    @Test("keeps every second of a short run")
    func short() throws {
        var run = LiveRun()
        var history = LiveHistory()
        for second in 0..<5 { history.add(run.second(second, joins: second == 2 ? 0 : 100, active: [second, 0])) }
        #expect(history.step == 1)
        #expect(history.seconds == [0, 1, 2, 3, 4])
        #expect(history.series["active"]?.low == [0, 1, 2, 3, 4])
        let p50 = try #require(history.series["p50 join"])
        #expect(p50.low[1] == p50.high[1] && p50.low[2].isNaN && !p50.low[4].isNaN)
    }

    @Test("keeps the extremes of a long run, in so many pieces at the most", arguments: [901, 1800, 1801, 5000])
    func long(seconds: Int) throws {
        var history = LiveHistory()
        for second in 0..<seconds {
            let isPeak = second == seconds / 3
            let isLow = second == seconds / 2
            history.add(.of(second, active: second, received: isPeak ? 9999 : isLow ? 1 : 100))
        }
        #expect(history.seconds.count <= LiveHistory.limit && history.seconds.count > LiveHistory.limit / 2 - 1)
        #expect(history.seconds == history.seconds.indices.map { $0 * history.step })
        let received = try #require(history.series["in"])
        let peak = try #require(received.high.firstIndex(of: 9999))
        #expect(history.seconds[peak] <= seconds / 3 && seconds / 3 < history.seconds[peak] + history.step)
        #expect(received.high.filter { $0 == 9999 }.count == 1)
        #expect(received.low.filter { $0 == 1 }.count == 1)
        #expect(history.series["active"]?.high.last == Float(seconds - 1))
        #expect(history.end == seconds - 1)
        #expect(LiveEvents.history(history).hasPrefix("{\"step\":\(history.step),\"end\":\(seconds - 1),"))
        #expect(
            history.series.values.allSatisfy { $0.low.count == history.seconds.count && $0.high.count == $0.low.count }
        )
    }

    @Test("takes metrics that come late, and no more than it has room for")
    func late() {
        var run = LiveRun()
        var table = run.table
        let names = (0..<40).map { "m\($0)" }
        let metrics = names.map { table.operation($0, latency: true) }
        run.table = table
        run.collector = Collector(table: table, workers: 1, phaseNames: [], startEpochMilliseconds: 0)
        let recorder = Recorder(table: table, worker: 0)
        var history = LiveHistory()
        for second in 0..<2 {
            if second == 1 {
                for metric in metrics { recorder.succeeded(metric, group: 0, scheduled: 1_000_000, service: 1) }
            }
            let seconds = run.collector.add(
                recorder.takeSnapshot(
                    second: second,
                    phase: 0,
                    isWarmup: false,
                    at: Int64(second + 1) * 1_000_000_000,
                    activeClients: [1, 1]
                )
            )
            history.add(
                LiveFigures(
                    seconds[0],
                    totals: run.collector.totals,
                    plan: run.plan,
                    main: MainMetrics(table: table, checks: []),
                    redactor: run.redactor
                )
            )
        }
        #expect(history.metrics.count == LiveHistory.metricLimit)
        #expect(history.series["max m0"]?.low.map(\.isNaN) == [true, false])
    }

    @Test("is told in one line of JSON, whatever the names are")
    func events() throws {
        let nasty = "</script>\u{2028}\n\"\\\u{7}é"
        var run = LiveRun(groups: [nasty, "b"], checks: ["join.p95 < 1s"])
        run.plan.scenario = nasty
        var history = LiveHistory()
        let fault = FaultMark(kind: .drop, text: "drop \(LiveRun.secret)", place: "a", begin: 0.5, clients: 3)
        let figures = run.second(0, errors: ["timeout"], faults: [fault])
        history.add(figures)
        let texts = [
            LiveEvents.run(run.plan, number: 1), LiveEvents.second(figures), LiveEvents.history(history),
            LiveEvents.runs([LiveVerdict(SampleRun().summary, redactor: Redactor())]),
        ]
        for text in texts {
            #expect(
                !text.contains("<") && !text.contains(where: \.isNewline) && !text.contains(LiveRun.secret),
                "\(text)"
            )
            _ = try JSONSerialization.jsonObject(with: Data(text.utf8))
        }
        let object = try JSONSerialization.jsonObject(with: Data(texts[0].utf8)) as? [String: Any]
        #expect(object?["scenario"] as? String == nasty)
        #expect(object?["checks"] as? Int == 1)
        let second = try #require(try JSONSerialization.jsonObject(with: Data(texts[1].utf8)) as? [String: Any])
        #expect(second["active"] as? Int == 21 && second["in"] as? Double == 200)
        let faults = try #require(second["faults"] as? [[Any]])
        #expect(faults.first?[1] as? String == "drop \(Redactor.mark)")
        let checks = try #require(second["checks"] as? [[String]])
        #expect(checks == [["join.p95 < 1s", "holds", "95 ms"]])
    }

    @Test("numbers have four digits, and what is none is null")
    func numbers() {
        var json = JSONText()
        json.array { json in
            for value in [0.0, 5, 1234.567, 123.456, 12.3456, 1.23456, 0.0123456, -2.5, 1e20, .nan, .infinity] {
                json.add(nil, value)
            }
            json.add(nil, nil as Double?)
        }
        #expect(json.text == "[0,5,1235,123.5,12.35,1.235,0.01235,-2.5,null,null,null,null]")
    }

    @Test("the page takes nothing from elsewhere, and puts no text in as markup")
    func page() {
        let html = DashboardPage.html(nonce: "abc123")
        #expect(html.contains("<script nonce=\"abc123\">") && html.contains("<style nonce=\"abc123\">"))
        #expect(html.ranges(of: "<script").count == 1 && html.ranges(of: "</script>").count == 1)
        let foreign = html.replacing("http://www.w3.org/2000/svg", with: "")
        #expect(!foreign.contains("http:") && !foreign.contains("https:") && !foreign.contains("//cdn"))
        for word in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", " style=", "onclick="] {
            #expect(!html.contains(word), "\(word)")
        }
    }
}

extension LiveFigures {
    /// Those of a second in which little happened.
    fileprivate static func of(_ second: Int, active: Int, received: Double) -> LiveFigures {
        let none = Flow(rate: 0, total: 0)
        return LiveFigures(
            second: second,
            measuredSeconds: 1,
            elapsed: Double(second) + 1,
            total: 100_000,
            phase: "steady",
            isWarmup: false,
            isGrace: false,
            groups: [Group(name: "all", active: active)],
            started: 0,
            finished: 0,
            failed: 0,
            notStarted: 0,
            sent: none,
            received: Flow(rate: received, total: 0),
            errors: [],
            errorFlow: none,
            errorRate: nil,
            latencies: [],
            lag: Lag(p50: nil, p99: nil, max: nil, runP99: nil, allowed: 10_000),
            generator: GeneratorVerdict(isBottleneck: false, reasons: [], warnings: []),
            usage: nil,
            checks: [],
            faults: [],
            faultSeconds: 0
        )
    }
}
