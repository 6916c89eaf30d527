extension Start {
    static let leflux = Start(
        name: "leflux",
        summary: "LeFlux: a chat that streams its answers and lets the client click through a task",
        text: #"""
            # yaml-language-server: $schema=scenario.schema.json
            # Visitors of LeFlux. As it stands it runs against a practice server; LEFLUX_URL names another one. `reprise
            # check` says what would run, `reprise run --clients 1 --trace` shows every message.
            #
            # `reprise schema > scenario.schema.json` writes what the first line names: editors complete and explain by it.
            name: leflux
            description: Visitors open a session, ask, read a streamed answer and let the agent click through a task.

            target:
              url: ${env.LEFLUX_URL ?? "practice:leflux"}
              protocol: socket.io
              transports: [websocket]                     # [polling, websocket] does the official upgrade
              query: { sessionId: "${session}" }
              headers: { Origin: "${env.LEFLUX_ORIGIN ?? 'https://shop.example'}" }   # one of the allowed hosts
              # auth: { apiKey: "${env.LEFLUX_KEY ?? ''}" }   # the payload of CONNECT; its value appears in no output

            vars:
              session: ${uuid()}                          # once per client

            load:
              - { for: 10s, clients: 100 }                # up to 100 visitors
              - { for: 30s, name: steady }                # who is done is replaced by a new one
              # - { for: 30s, arrivals: 5/s..20/s, limit: 500 }   # or new visitors per second, whatever the server does
              - { for: 5s, clients: 0 }
            grace: 30s                                    # tasks may come to their end

            clients:
              visitor:
                share: 4                                  # of 5, beside the group below
                think: 1s..3s                             # before each send
                on:
                  # At any time beside the flow; these steps never wait.
                  message:               { when: event.isError == true, flow: { fail: "${event.text}" } }
                  ui_block:              { count: ui_block }
                  confirmation_required: { emit: confirmation_response, data: { sessionId: "${session}", confirmed: true } }
                  error:                 { count: server_error }   # not fail: the task below reads it as a refusal
                flow:
                  - connect
                  - emit: join_session
                    data: { sessionId: "${session}" }
                  - await: session_joined
                    where: { sessionId: "${session}" }
                    within: 2s
                    measure: join                         # the latency from join_session to here
                  - emit: update_context
                    data:
                      sessionId: ${session}
                      context:
                        url: https://shop.example/products/${client.index}
                        title: Product ${client.index}
                        indexedElements:
                          - { elementId: 12, type: input, label: name }
                          - { elementId: 19, type: button, label: submit }
                        visibleText: ${text(2000)}
                  - repeat: 3                             # questions
                    flow:
                      - http: POST /api/chat              # the reply comes over the socket
                        json:
                          sessionId: ${session}
                          message: ${pick("What does it cost?", "Is it in stock?", "Order it for me.")}
                          context: { url: "https://shop.example/" }
                        expect: 200
                      - stream: answer                    # first chunk, gaps; missing, doubled, reordered chunks
                        chunk: message_chunk
                        done:  message_done
                        key:   streamId                   # tells answers apart
                        index: chunkIndex                 # 0, 1, 2 …
                        text:  delta                      # joined, and compared with
                        final: text                       # the whole text
                        within: 30s
                        stall: 5s
                      - plan: task                        # the agent plans, the client acts, until it is done
                        event: action_plan
                        actions: [actions, steps]
                        reply:                            # for each plan, which is `event`
                          - think: 50ms..250ms
                          - when: event.isSequence == true
                            flow:
                              - emit: sequence_complete
                                data: { sessionId: "${session}", result: { success: true, results: [] } }
                            else:
                              - emit: action_complete
                                data:
                                  sessionId: ${session}
                                  actionId: ${event.actions.0.id}
                                  result: { success: true, elementId: "${event.actions.0.elementId}", description: done }
                          - emit: continue_task
                            data: { sessionId: "${session}", context: { url: "https://shop.example/", title: Shop } }
                        done: task_complete
                        refuse: error
                        clientLimit: 5                    # the widget stops by itself
                        serverLimit: 30                   # one plan more is a runaway
                        same: [type, action, elementId]   # what makes two actions the same
                        within: 2m
                  - disconnect

              returning:                                  # closes the tab, comes back, must find the session as it was
                share: 1
                think: 2s
                on: { error: { fail: "${event.message}" } }
                flow:
                  - connect
                  - emit: join_session
                    data: { sessionId: "${session}" }
                  - await: session_joined
                    where: { sessionId: "${session}" }
                    measure: first_join
                  - disconnect
                  - think: 3s..10s
                  - connect
                  - emit: join_session
                    data: { sessionId: "${session}" }
                  - await: session_joined
                    where: { sessionId: "${session}", restored: true }
                    measure: return_join

            checks:
              - join.p95 < 250ms
              - answer.first_chunk.p95 < 1s
              - answer.gap.p95 < 500ms
              - stream.broken == 0
              - plan.runaway == 0
              - plan.stalled == 0
              - errors.rate < 0.1%
              - { check: connect.failed.rate < 5%, abort: true, after: 10s }

            """#
    )
}
