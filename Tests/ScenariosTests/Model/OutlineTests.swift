import Scenarios
import Testing

@Suite("What would run, in words")
struct OutlineTests {
    private static let text = """
        name: shop
        description: Visitors and a dashboard.
        target: { url: "${env.SHOP_URL ?? 'practice:leflux'}" }
        vars: { key: "${env.KEY}" }
        load:
          - { for: 10s, clients: 20 }
          - { for: 1m, name: steady }
          - { for: 500ms, arrivals: 20/s..90/m, limit: 8 }
        warmup: 5s
        clients:
          visitor:
            share: 3
            think: 1s..2.5s
            on: { error: { count: errors_seen } }
            flow:
              - connect
              - emit: join
              - await: joined
              - repeat: 2
                flow:
                  - http: GET /shop/${env.KEY}/list
          dashboard: { target: { namespace: /admin }, flow: [ connect, { await: update } ] }
        checks:
          - errors.rate < 1%
          - { check: connect.failed.rate < 5%, abort: true, after: 10s }
        """

    @Test("target, load, groups, events, checks and environment")
    func outline() throws {
        let scenario = try read(Self.text, environment: ["KEY": "hunter2"])
        #expect(
            scenario.outline == """
                shop: Visitors and a dashboard.

                load    70.5s, at most 20 clients
                  0s..10s         0 to 20 clients
                  10s..70s        20 clients  (steady)
                  70s..70.5s      20 to 1.5 new clients per second, at most 8 at once
                        then up to 10s for flows to finish
                        the first 5s are left out of the figures

                clients
                  visitor: 75 %, at most about 15 clients, 5 steps
                    target   practice:leflux (socket.io, /socket.io/)
                    thinks   1s..2.5s before it sends
                    sends    join
                    awaits   joined
                    handles  error
                    requests GET /shop/…/list
                  dashboard: 25 %, at most about 5 clients, 2 steps
                    target   practice:leflux namespace /admin (socket.io, /socket.io/)
                    awaits   update

                checks
                  errors.rate < 1%
                  connect.failed.rate < 5%  (ends the run after 10s)

                environment
                  KEY       set
                  SHOP_URL  not set, the default applies

                """
        )
    }

    @Test("what becomes of clients, branches and exponential think times")
    func policies() throws {
        let scenario = try read(
            """
            name: shop
            target: { url: "practice:leflux" }
            onFailure: continue
            think: { mean: 1.5s, distribution: exponential }
            load:
              - { for: 1s, clients: 3, once: true }
              - { for: 1s, arrivals: 20/s, spacing: poisson, limit: 8 }
            clients:
              visitor:
                flow:
                  - wait: client.index == 0
                  - choose:
                      - { weight: 3, flow: [ { pace: 1s }, { emit: ask } ] }
                      - { flow: { await: news } }
              watcher: { onFailure: abort, think: 1s, flow: connect }
              leaver: { onFailure: leave, think: 0s, flow: connect }
            """
        )
        #expect(
            scenario.outline == """
                shop

                target  practice:leflux (socket.io, /socket.io/)

                load    2s, at most 8 clients
                  0s..1s          0 to 3 clients, nobody replaced
                  1s..2s          20 new clients per second, at most 8 at once, at random times
                        then up to 10s for flows to finish

                clients
                  visitor: 33 %, at most about 3 clients, 5 steps
                    thinks   1.5s on average (exponential) before it sends
                    failure  goes on with the next step
                    sends    ask
                    awaits   news
                  watcher: 33 %, at most about 3 clients, 1 steps
                    thinks   1s before it sends
                    failure  ends the run
                  leaver: 33 %, at most about 3 clients, 1 steps
                    thinks   0s before it sends

                """
        )
    }

    @Test(
        "the rooms and how clients get theirs",
        arguments: [
            ("{ count: 100 }", "100, assigned one after the other"),
            ("{ count: 1, assign: random }", "1, assigned at random"),
            ("{ count: 9, assign: zipf }", "9, assigned at random, the n-th 1/n as often as the first"),
        ]
    )
    func rooms(text: String, shown: String) throws {
        let scenario = try read(
            """
            target: { url: "practice:leflux" }
            rooms: \(text)
            load: [ { for: 1s, clients: 1 } ]
            on: { news: { fanout: text } }
            flow: [ connect, { emit: say, data: "${stamp(room.id)}", joins: "${room.id}" } ]
            """
        )
        #expect(scenario.outline.contains("\nrooms   \(shown)\n\nload"))
        #expect(scenario.outline.contains("handles  news"))
    }

    @Test("the values of environment variables are not in it")
    func secrets() throws {
        let scenario = try read(Self.text, environment: ["KEY": "hunter2", "SHOP_URL": "http://secret-host:3000"])
        #expect(!scenario.outline.contains("hunter2"))
        #expect(!scenario.outline.contains("secret-host"))
        #expect(scenario.outline.contains("${env.SHOP_URL}"))
        #expect(scenario.groups[0].target.shownURL == "${env.SHOP_URL}")
    }

    @Test("it shows the load as the command line changes it")
    func overridden() throws {
        let scenario = try read(
            Self.text,
            environment: ["KEY": ""],
            overrides: Overrides(clients: 200, duration: .seconds(141))
        )
        #expect(scenario.outline.contains("load    141s, at most 200 clients"))
        #expect(scenario.outline.contains("visitor: 75 %, at most about 150 clients"))
    }
}
