import Metrics
import Scenarios

/// Every metric that a scenario's run can have, registered before it starts.
struct RunMetrics: Sendable {
    let table: MetricTable
    let fixed: FixedMetrics
    /// By the name given with `measure:`, by `ack.EVENT`, `http`, and by the name of a stream or plan.
    let operations: [String: OperationMetric]
    /// The rows that `ack.EVENT` and `http` have besides, where `measure:` names the operation.
    let latencies: [String: LatencyMetric]
    let streams: [String: StreamMetrics]
    let plans: [String: PlanMetrics]
    /// In the order of `Scenario.counters`.
    let userCounters: [CounterMetric]

    init(_ scenario: Scenario) {
        var table = MetricTable(groups: scenario.groups.map(\.name))
        var operations: [String: OperationMetric] = [:]
        var latencies: [String: LatencyMetric] = [:]
        var streams: [String: StreamMetrics] = [:]
        var plans: [String: PlanMetrics] = [:]
        userCounters = scenario.counters.map { table.counter($0) }
        func operate(_ base: String, measure: String?) {
            if let measure {
                operations[measure] = table.operation(measure, latency: true)
                latencies[base] = table.latency(base)
            } else {
                operations[base] = table.operation(base, latency: true)
            }
        }
        for group in scenario.groups {
            group.forEachStep { step in
                switch step.action {
                case .emit(let emit):
                    if let acknowledgement = emit.acknowledgement {
                        operate("ack.\(emit.event)", measure: acknowledgement.measure)
                    }
                case .http(let request):
                    operate("http", measure: request.measure)
                case .await(let await):
                    if let measure = await.measure { operations[measure] = table.operation(measure, latency: true) }
                case .stream(let stream):
                    streams[stream.name] = table.stream(stream.name)
                case .plan(let plan):
                    plans[plan.name] = table.plan(plan.name)
                default:
                    break
                }
            }
        }
        fixed = table.fixed
        self.table = table
        self.operations = operations
        self.latencies = latencies
        self.streams = streams
        self.plans = plans
    }
}

extension ClientGroup {
    /// Calls the closure with every step, those inside others included.
    func forEachStep(_ body: (Step) -> Void) {
        func visit(_ steps: [Step]) {
            for step in steps {
                body(step)
                switch step.action {
                case .plan(let plan): visit(plan.reply)
                case .repeat(let loop): visit(loop.flow)
                case .when(let when):
                    visit(when.flow)
                    visit(when.otherwise)
                default: break
                }
            }
        }
        visit(flow)
        for handler in handlers { visit(handler.steps) }
    }
}
