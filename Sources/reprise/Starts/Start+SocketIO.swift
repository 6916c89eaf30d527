extension Start {
    static let socketIO = Start(
        name: "socket.io",
        summary: "any Socket.IO server",
        text: #"""
            # yaml-language-server: $schema=scenario.schema.json
            # A scenario for a Socket.IO server. As it stands it runs against a practice server that sends back what it is
            # sent. `reprise check` says what would run, `reprise run --clients 1 --trace` shows every message.
            #
            # `reprise schema > scenario.schema.json` writes what the first line names: editors complete and explain by it.
            name: socket-io
            description: Clients connect, send an event, and wait for its acknowledgement and for an answer.

            target:
              url: ${env.SERVER_URL ?? "practice:echo"}   # http://localhost:3000, https://staging.example …
              protocol: socket.io
              path: /socket.io/
              namespace: /
              transports: [websocket]                     # [polling, websocket] does the official upgrade
              timeout: 20s                                # for the connect and the handshake
              # auth: { token: "${env.TOKEN ?? ''}" }     # the payload of CONNECT; TOKEN's value appears in no output
              # query: { user: "${user}" }                # parameters of the URL
              # headers: { Origin: "https://shop.example" }   # of the handshake
              # tls: { ca: ca.pem }                       # for https://, a file below the folder of this one

            vars:                                         # once per client, in order
              user: ${uuid()}

            # A row of a data file for each client, read as ${feed.users.name}; the file lies below this one's folder.
            # feeds: { users: { file: data/users.csv, order: shuffle } }

            load:                                         # phases, one after the other
              - { for: 10s, clients: 100 }                # up to 100 clients by the end of the phase
              - { for: 30s, name: steady }                # hold them; checks can mean this phase by its name
              # - { for: 30s, arrivals: 5/s..50/s, limit: 500 }   # or new clients per second, whatever the server does
            grace: 10s                                    # at the end flows may finish
            warmup: 5s                                    # left out of figures and checks

            clients:
              visitor:
                think: 500ms..2s                          # before each send
                on:                                       # what the server sends unasked
                  error: { fail: "${event.message}" }
                flow:
                  # - { http: POST /api/login, json: { user: "${user}" }, expect: 200 }   # a request; its cookies are kept
                  - connect
                  - repeat: 5
                    flow:
                      - emit: echo                        # the event's name
                        data: { user: "${user}", n: "${i}", text: "${text(100)}" }
                        ack: { within: 2s }               # wait for the acknowledgement; its latency is ack.echo
                      - await: echo                       # an event of the server's
                        where: { n: "${i}" }              # which one is meant
                        within: 2s
                        measure: answer                   # the name of the latency, for the checks below
                        # capture: { last: n }            # keep what stands there, as ${last}
                  - disconnect

            checks:
              - connect.failed == 0
              - ack.echo.p95 < 250ms
              - steady:answer.p95 < 500ms
              - errors.rate < 0.1%
              - { check: connect.failed.rate < 5%, abort: true, after: 10s }

            """#
    )
}
