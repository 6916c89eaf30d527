import Testing

@testable import Metrics

@Suite("Metric table")
struct MetricTableTests {
    @Test("the same name gives the same metric")
    func sameName() {
        var table = MetricTable(groups: ["a", "b"], events: ["welcome"])
        #expect(table.time("x") == table.time("x"))
        #expect(table.latency("join") == table.latency("join"))
        #expect(table.latency("join").scheduled == table.time("join"))
        #expect(table.latency("join").service == table.time("join.service"))
        #expect(table.size("s") == table.size("s"))
        #expect(table.counter("c") == table.counter("c"))
        #expect(table.counter("operations") == table.fixed.operations)
        #expect(table.operation("connect", latency: true) == table.fixed.connect)
        #expect(table.operation("connect", latency: false) == table.fixed.connect)
        #expect(table.stream("answer") == table.stream("answer"))
        #expect(table.plan("task") == table.plan("task"))
        #expect(table.counter("received.welcome") == table.eventCounters[0])
    }

    @Test("an operation that gets a latency later keeps its counters")
    func laterLatency() {
        var table = MetricTable(groups: ["a"])
        let without = table.operation("x", latency: false)
        let with = table.operation("x", latency: true)
        #expect(without.latency == nil)
        #expect(with.latency != nil)
        #expect(without.count == with.count)
        #expect(table.register.operationNames.filter { $0 == "x" }.count == 1)
    }

    @Test("counters of the user's own are bounded")
    func userCounters() {
        var table = MetricTable(groups: ["a"])
        let first = table.userCounter("n0")
        for number in 1..<MetricTable.userCounterLimit { _ = table.userCounter("n\(number)") }
        #expect(table.userCounter("one more") == table.counter("other"))
        #expect(table.userCounter("n0") == first)
    }

    @Test("every name that a run registers stands in the catalogue with its kind")
    func catalogued() {
        var table = MetricTable(groups: ["a"])
        _ = table.operation("join", latency: true)
        _ = table.stream("answer")
        _ = table.plan("task")
        _ = table.userCounter("mine")
        let names = MetricNames(
            CheckNames(measures: ["join"], streams: ["answer"], plans: ["task"], counters: ["mine"])
        )
        for row in table.register.rows {
            let isTime = row.unit == .milliseconds
            #expect(names.declared(row.name)?.kind == (isTime ? .time : .size), "\(row.name)")
        }
        for counter in table.register.counterNames {
            #expect(names.declared(counter)?.kind == .count, "\(counter)")
        }
    }

    @Test("fixed names are there once, and each has a meaning of one line")
    func fixedNames() {
        let names = Catalogue.fixed.map(\.name)
        #expect(Set(names).count == names.count)
        for entry in Catalogue.fixed + Catalogue.stream + Catalogue.plan + Catalogue.operation {
            #expect(!entry.meaning.isEmpty && !entry.meaning.contains("\n"), "\(entry.name)")
        }
    }
}
