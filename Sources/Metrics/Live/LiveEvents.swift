/// What the dashboard's page is told, as the data of server-sent events: JSON in one line.
///
/// Times are milliseconds, but for those of the run's clock, which are seconds.
package enum LiveEvents {
    /// `run`: a run begins.
    package static func run(_ plan: LivePlan, number: Int) -> String {
        var json = JSONText()
        json.object { json in
            json.add("number", number)
            json.add("scenario", plan.scenario)
            json.add("target", plan.target)
            // As a text: a script's numbers are not large enough for it.
            json.add("seed", String(plan.seed))
            json.add("version", plan.version)
            json.add("started", Int(plan.startEpochMilliseconds))
            json.add("seconds", plan.seconds)
            json.add("warmup", plan.warmupSeconds)
            json.add("checks", plan.checks.count)
            json.array("phases") { json in
                for phase in plan.phases {
                    json.array { json in
                        json.add(nil, phase.name)
                        json.add(nil, phase.seconds)
                    }
                }
            }
            json.array("faults") { json in
                for fault in plan.faults.prefix(200) {
                    json.array { json in
                        json.add(nil, fault.at)
                        json.add(nil, fault.text)
                    }
                }
            }
        }
        return json.text
    }

    /// `history`: all that was, up to the last second.
    package static func history(_ history: LiveHistory) -> String {
        var json = JSONText()
        json.object { json in
            json.add("step", history.step)
            // What comes again is known by it.
            json.add("end", history.end)
            json.array("seconds") { json in for second in history.seconds { json.add(nil, second) } }
            json.object("series") { json in
                for (name, series) in history.series.sorted(by: { $0.key < $1.key }) {
                    json.array(name) { json in
                        json.array { json in add(series.low, &json) }
                        // Without pieces of several seconds both are the same.
                        if history.step > 1 { json.array { json in add(series.high, &json) } }
                    }
                }
            }
            json.array("metrics") { json in for metric in history.metrics { json.add(nil, metric) } }
            json.array("faults") { json in add(history.faults, &json) }
        }
        return json.text
    }

    /// `second`: one second more.
    package static func second(_ figures: LiveFigures) -> String {
        var json = JSONText()
        json.object { json in
            json.add("second", figures.second)
            json.add("elapsed", figures.elapsed)
            json.add("phase", figures.isGrace ? "grace" : figures.phase)
            json.add("grace", figures.isGrace)
            json.add("active", figures.active)
            json.array("groups") { json in
                for group in figures.groups.prefix(20) {
                    json.array { json in
                        json.add(nil, group.name)
                        json.add(nil, group.active)
                    }
                }
            }
            json.add("started", figures.started)
            json.add("finished", figures.finished)
            json.add("failed", figures.failed)
            json.add("notStarted", figures.notStarted)
            json.add("in", figures.received.rate)
            json.add("out", figures.sent.rate)
            json.add("received", figures.received.total)
            json.add("sent", figures.sent.total)
            json.add("errors", figures.errorFlow.rate)
            json.add("errorTotal", figures.errorFlow.total)
            json.add("errorRate", figures.errorRate)
            json.array("errorKinds") { json in
                for error in figures.errors.prefix(20) {
                    json.array { json in
                        json.add(nil, error.kind)
                        json.add(nil, error.total)
                        json.add(nil, error.inSecond)
                    }
                }
            }
            json.array("latencies") { json in
                for latency in figures.latencies.prefix(LiveHistory.metricLimit * 2) { add(latency, &json) }
            }
            json.add("lag", (figures.lag.p99 ?? figures.lag.max).map { $0 / 1000 })
            json.add("lagRun", figures.lag.runP99.map { $0 / 1000 })
            json.add("lagAllowed", figures.lag.allowed / 1000)
            json.add("cpu", figures.usage?.cpu)
            json.add("bottleneck", figures.generator.isBottleneck)
            json.array("warnings") { json in
                for text in figures.generator.reasons + figures.generator.warnings { json.add(nil, text) }
            }
            json.array("checks") { json in add(figures.checks, isOver: false, &json) }
            json.array("faults") { json in add(figures.faults, &json) }
        }
        return json.text
    }

    /// `verdict`: the run is over.
    package static func verdict(_ verdict: LiveVerdict) -> String {
        var json = JSONText()
        json.object { json in add(verdict, &json) }
        return json.text
    }

    /// `runs`: those of the command that are over.
    package static func runs(_ verdicts: [LiveVerdict]) -> String {
        var json = JSONText()
        json.array { json in
            for verdict in verdicts.suffix(50) { json.object { json in add(verdict, &json) } }
        }
        return json.text
    }

    // MARK: Parts

    private static func add(_ verdict: LiveVerdict, _ json: inout JSONText) {
        json.add("scenario", verdict.scenario)
        json.add("passed", verdict.passed)
        json.add("code", Int(verdict.exitCode))
        json.add("text", verdict.text)
        json.add("seconds", verdict.seconds)
        json.array("checks") { json in add(verdict.checks, isOver: true, &json) }
    }

    private static func add(_ values: [Float], _ json: inout JSONText) {
        for value in values { json.add(nil, value.isNaN ? nil : Double(value)) }
    }

    private static func add(_ faults: [FaultMark], _ json: inout JSONText) {
        for fault in faults {
            json.array { json in
                json.add(nil, fault.begin)
                json.add(nil, fault.text)
            }
        }
    }

    private static func add(_ latency: LiveFigures.Latency, _ json: inout JSONText) {
        json.array { json in
            json.add(nil, latency.metric)
            json.add(nil, latency.isMain)
            json.add(nil, latency.count)
            for (_, value) in latency.values { json.add(nil, value.map { $0 / 1000 }) }
        }
    }

    /// Text, state and value of each: `holds`, `fails`, `not yet` or `no data`.
    private static func add(_ checks: [CheckResult], isOver: Bool, _ json: inout JSONText) {
        for result in checks.prefix(100) {
            json.array { json in
                json.add(nil, result.check.text)
                json.add(nil, state(result, isOver: isOver))
                json.add(nil, result.text)
            }
        }
    }

    private static func state(_ result: CheckResult, isOver: Bool) -> String {
        switch result.outcome {
        case .passed: "holds"
        case .failed: !isOver && result.mayStillPass ? "not yet" : "fails"
        case .noData: isOver && result.isFailure ? "fails" : "no data"
        }
    }
}
