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
