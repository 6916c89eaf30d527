import Scenarios
import Testing

@Suite("Load")
struct LoadTests {
    private func load(_ phases: String, overrides: Overrides = Overrides()) throws -> Load {
        let text = "name: a\ntarget: { url: \"practice:a\" }\nload: [ \(phases) ]\nflow: connect"
        return try read(text, overrides: overrides).load
    }

    @Test("a phase goes from where the one before ended, or holds it")
    func phases() throws {
        let load = try load(
            "{ for: 1.5s, clients: 20 }, { for: 2m, name: steady }, { for: 250ms, clients: 5 }, { for: 1h }"
        )
        #expect(
            load.phases == [
                Load.Phase(duration: .milliseconds(1500), model: .clients(from: 0, to: 20)),
                Load.Phase(name: "steady", duration: .seconds(120), model: .clients(from: 20, to: 20)),
                Load.Phase(duration: .milliseconds(250), model: .clients(from: 20, to: 5)),
                Load.Phase(duration: .seconds(3600), model: .clients(from: 5, to: 5)),
            ]
        )
        #expect(load.peakClients == 20)
        #expect(load.duration == .milliseconds(3_721_750))
    }

    @Test("arrivals: rates, ranges, units, limits, and what a phase without its own inherits")
    func arrivals() throws {
        let load = try load(
            "{ for: 10s, arrivals: 20/s..100/s, limit: 500 }, { for: 1s }, { for: 1m, arrivals: 120/m }, { for: 1s, clients: 7 }"
        )
        #expect(
            load.phases.map(\.model) == [
                .arrivals(from: 20, to: 100, limit: 500), .arrivals(from: 100, to: 100, limit: 500),
                .arrivals(from: 2, to: 2, limit: nil), .clients(from: 7, to: 7),
            ]
        )
        #expect(load.peakClients == 500)
    }

    @Test("arrivals without a limit may all be there at once")
    func unlimited() throws {
        #expect(try load("{ for: 10s, arrivals: 20/s..100/s }").peakClients == 600)
    }

    @Test("`--clients` sets the peak, and every phase scales with it")
    func peak() throws {
        let scaled = try load(
            "{ for: 1s, clients: 2000 }, { for: 1s, clients: 500 }, { for: 1s, arrivals: 100/s, limit: 1000 }, { for: 1s, clients: 1 }",
            overrides: Overrides(clients: 100)
        )
        #expect(
            scaled.phases.map(\.model) == [
                .clients(from: 0, to: 100), .clients(from: 100, to: 25), .arrivals(from: 5, to: 5, limit: 50),
                .clients(from: 1, to: 1),
            ]
        )
        #expect(scaled.peakClients == 100)
    }

    @Test("any peak is met", arguments: [1, 2, 3, 7, 1999, 2001, 100_000])
    func anyPeak(clients: Int) throws {
        let scaled = try load("{ for: 1s, clients: 333 }, { for: 1s }", overrides: Overrides(clients: clients))
        #expect(scaled.peakClients == clients)
    }

    @Test("`--duration` sets the total, and the phases keep their proportions")
    func total() throws {
        let scaled = try load(
            "{ for: 10s, clients: 2 }, { for: 30s }, { for: 20s, clients: 0 }",
            overrides: Overrides(duration: .seconds(7))
        )
        #expect(scaled.duration == .seconds(7))
        #expect(scaled.phases.map(\.duration) == [.milliseconds(1167), .milliseconds(3500), .milliseconds(2333)])
    }

    @Test("an open load keeps its rate with `--duration`, and scales to the peak within it")
    func openLoad() throws {
        let longer = try load("{ for: 10s, arrivals: 20/s }", overrides: Overrides(duration: .seconds(20)))
        #expect(longer.phases.map(\.model) == [.arrivals(from: 20, to: 20, limit: nil)])
        let both = try load("{ for: 10s, arrivals: 20/s }", overrides: Overrides(clients: 40, duration: .seconds(20)))
        #expect(both.phases.map(\.model) == [.arrivals(from: 2, to: 2, limit: nil)])
        #expect(both.peakClients == 40)
    }

    @Test("`once` and `spacing` are of their phase and of those that hold it, and stay when the load is scaled")
    func onceAndSpacing() throws {
        let phases = """
            { for: 1s, clients: 10, once: true }, { for: 1s }, { for: 1s, once: false }, { for: 1s, clients: 20 },
            { for: 1s, arrivals: 5/s, spacing: poisson, limit: 30 }, { for: 1s }, { for: 1s, spacing: even },
            { for: 1s, arrivals: 9/s }
            """
        for overrides in [Overrides(), Overrides(clients: 300, duration: .seconds(60))] {
            let load = try load(phases, overrides: overrides)
            #expect(load.phases.map(\.once) == [true, true, false, false, false, false, false, false])
            #expect(
                load.phases.map(\.spacing) == [.even, .even, .even, .even, .poisson, .poisson, .even, .even]
            )
        }
    }

    @Test("the warm-up keeps its part of the run's clock under --duration")
    func warmup() throws {
        let text = "target: { url: http://x }\nload: [ { for: 20s, clients: 5 } ]\nwarmup: 5s\nflow: [ connect ]\n"
        #expect(try read(text).warmup == .seconds(5))
        #expect(try read(text, overrides: Overrides(duration: .seconds(4))).warmup == .seconds(1))
    }

    @Test("a phase that cannot be read is one fault, not a second one in the phase after it")
    func noCascade() throws {
        let text = "target: { url: http://x }\nload: [ { for: 20, clients: 5 }, { for: 5s } ]\nflow: [ connect ]\n"
        let error = #expect(throws: ScenarioError.self) { try read(text) }
        #expect(error?.diagnostics.map(\.code) == [.badValue])
    }
}
