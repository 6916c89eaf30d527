extension Start {
    static let webSocket = Start(
        name: "websocket",
        summary: "any server that speaks JSON over plain WebSocket",
        text: #"""
            # yaml-language-server: $schema=scenario.schema.json
            # A scenario for a server that speaks JSON over plain WebSocket. As it stands it runs against a practice server
            # that sends back what it is sent. `reprise check` says what would run, `reprise run --clients 1 --trace` shows
            # every message.
            #
            # `reprise schema > scenario.schema.json` writes what the first line names: editors complete and explain by it.
            name: websocket
            description: Clients connect, send an event in an envelope, and wait for its answer.

            target:
              url: ${env.SERVER_URL ?? "practice:echo"}   # ws://localhost:8000, wss://staging.example …
              protocol: websocket
              path: ${env.SERVER_PATH ?? "/ws/json"}
              timeout: 20s                                # for the connect and the handshake
              # query: { token: "${env.TOKEN ?? ''}" }    # parameters of the URL; TOKEN's value appears in no output
              # headers: { Origin: "https://shop.example" }   # of the handshake
              # subprotocols: [ chat.v2, chat.v1 ]        # what to offer in Sec-WebSocket-Protocol
              # tls: { ca: ca.pem }                       # for wss://, a file below the folder of this one
              envelope:                                   # how events stand in messages; for bare texts leave it out,
                send:  { type: "${emit}", payload: "${data}", id: "${uuid()}" }   # and use `send: text` in the flow
                event: type                               # where a received message says what event it is
                data:  payload                            # where its data stands; left out: the whole message
                # For messages that do not say it: one that has these places is this event.
                # rules: [ { has: [ run_id, output_type ], is: streaming_output } ]
              heartbeat: { every: 15s, emit: PING, await: PONG, within: 5s }      # { every: 15s } for ping frames

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
                      - emit: echo                        # the event's name; its data goes into the envelope
                        data: { user: "${user}", n: "${i}", text: "${text(100)}" }
                      - await: echo                       # an event of the server's
                        where: { n: "${i}" }              # which one is meant
                        within: 2s
                        measure: answer                   # the name of the latency, for the checks below
                        # capture: { last: n }            # keep what stands there, as ${last}
                  - disconnect

            checks:
              - connect.failed == 0
              - steady:answer.p95 < 500ms
              - heartbeat.missed == 0
              - errors.rate < 0.1%
              - { check: connect.failed.rate < 5%, abort: true, after: 10s }

            """#
    )
}
