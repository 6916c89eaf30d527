extension Start {
    static let socketIO = Start(
        name: "socket.io",
        summary: "any Socket.IO server",
        text: #"""
            # yaml-language-server: $schema=scenario.schema.json
            # A scenario for a Socket.IO server. As it stands it runs against a practice server that sends back what it is
            # sent. `reprise check` says what would run, `reprise run --clients 1 --trace` shows every message.
            name: socket-io
            description: Clients connect, send an event, and wait for its acknowledgement and for an answer.

            target:
              url: ${env.SERVER_URL ?? "practice:echo"}   # http://localhost:3000, https://staging.example …
              protocol: socket.io
              path: /socket.io/
              namespace: /
              transports: [websocket]                     # [polling, websocket] does the official upgrade
              timeout: 20s                                # for the connect and the handshake
              # auth:    { token: "${env.TOKEN}" }        # the payload of CONNECT; its value appears in no output
              # query:   { user: "${user}" }
              # headers: { Origin: "https://shop.example" }

            vars:                                         # once per client, in order
              user: ${uuid()}

            # feeds:                                      # a row of a data file for each client: ${feed.users.name}
            #   users: { file: data/users.csv, order: shuffle }

            load:                                         # phases, one after the other
              - { for: 10s, clients: 100 }                # up to 100 clients by the end of the phase
              - { for: 30s, name: steady }                # hold them; checks can mean this phase by its name
            grace: 10s                                    # at the end flows may finish
            warmup: 5s                                    # left out of figures and checks

            clients:
              visitor:
                think: 500ms..2s                          # before each send
                on:                                       # what the server sends unasked
                  error: { fail: "${event.message}" }
                flow:
                  - connect
                  - repeat: 5
                    flow:
                      - emit: echo                        # the event's name
                        data: { user: "${user}", n: "${i}", text: "${text(100)}" }
                        ack: { within: 2s }               # its latency is ack.echo
                      - await: echo                       # an event of the server's
                        where: { n: "${i}" }              # which one is meant
                        within: 2s
                        measure: answer                   # the name of the latency
                  - disconnect

            checks:
              - connect.failed == 0
              - ack.echo.p95 < 250ms
              - steady:answer.p99 < 500ms
              - errors.rate < 0.1%
              - { check: connect.failed.rate < 5%, abort: true, after: 10s }

            """#
    )
}
