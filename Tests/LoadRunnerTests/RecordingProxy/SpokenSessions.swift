import Testing

/// Sessions to record: one client each, which does of everything a little.
struct SpokenSessions: CustomTestStringConvertible, Sendable {
    var system: String
    var target: String
    var rest: String

    var testDescription: String { system }

    var scenario: String {
        """
        name: session
        target: { url: "http://127.0.0.1:1", \(target) }
        load: [ { for: 50ms, clients: 1, once: true } ]
        grace: 20s
        \(rest)
        """
    }

    static let all = [leflux, praxis, flock, echo, elizaos, xenon]

    static let leflux = SpokenSessions(
        system: "leflux",
        target: "protocol: socket.io, transports: [ polling, websocket ]",
        rest: """
            vars: { session: "${uuid()}" }
            flow:
              - emit: join_session
                data: { sessionId: "${session}" }
                ack: { within: 2s }
              - await: session_joined
              - repeat: 3
                flow:
                  - http: POST /api/chat
                    json: { sessionId: "${session}", message: "/long one of everything ${i}", context: { url: "https://shop.example/" } }
                  - { stream: message, chunk: message_chunk, done: message_done, index: chunkIndex, within: 10s }
                  - plan: task
                    event: action_plan
                    actions: actions
                    reply:
                      - think: 20ms
                      - when: event.isSequence == true
                        flow:
                          - emit: sequence_complete
                            data: { sessionId: "${session}", result: { success: true, results: [] } }
                        else:
                          - emit: action_complete
                            data:
                              sessionId: "${session}"
                              actionId: "${event.actions.0.id}"
                              result: { success: true, elementId: "${event.actions.0.elementId}" }
                      - emit: continue_task
                        data: { sessionId: "${session}", context: { url: "https://shop.example/" } }
                    done: task_complete
                    within: 10s
                  - think: 30ms
              - disconnect
            """
    )

    static let praxis = SpokenSessions(
        system: "praxis",
        target: """
            protocol: websocket, path: /ws/events,
              envelope: { send: { type: "${emit}", payload: "${data}", id: "${uuid()}", timestamp: "${iso()}" }, event: type, data: payload }
            """,
        rest: """
            vars: { workflow: "wf-${uuid()}" }
            flow:
              - await: chatMessage
              - emit: SUBSCRIBE_EVENTS
                data: { event_types: [ dslProgress, dslResult, workflowStart, workflowProgress, workflowComplete, chatMessage ] }
              - await: chatMessage
              - think: 50ms
              - emit: DSL_COMMAND
                data: { command: Analyze the sales report and create a summary }
              - await: dslResult
              - think: 20ms
              - emit: EXECUTE_WORKFLOW
                data:
                  workflowId: "${workflow}"
                  nodes: [ { id: read, type: tool, tool: file_analyzer }, { id: sum, type: agent } ]
                  edges: [ { from: read, to: sum } ]
              - await: workflowComplete
              - think: 20ms
              - emit: CHAT_MESSAGE
                data: { content: How far are you }
              - await: chatMessage
              - disconnect
            """
    )

    static let flock = SpokenSessions(
        system: "flock",
        target: "protocol: websocket, path: /plugin/ws, envelope: { send: { type: \"${emit}\" }, event: type }",
        rest: """
            flow:
              - connect
              - think: 50ms
              - http: POST /api/plugin/control/publish
                json: { artifact_type: PizzaOrder, content: { text: one pizza } }
              - await: { event: artifact_published, where: { artifact_type: Pizza } }
              - think: 300ms
              - disconnect
            """
    )

    static let echo = SpokenSessions(
        system: "echo",
        target: "protocol: socket.io, transports: [ polling, websocket ]",
        rest: """
            flow:
              - repeat: 3
                flow:
                  - think: 20ms
                  - emit: echo
                    args: [ "${i}", { text: größe, deep: [ 1, null ] } ]
                    ack: { within: 2s }
                  - await: echo
              - emit: ask
                data: how
              - await: question
              - acknowledge: { of: how }
              - await: answered
              - emit: slow
                data: { ms: 30 }
              - await: slow
              - disconnect
            """
    )

    static let elizaos = SpokenSessions(
        system: "elizaos",
        target: "protocol: socket.io",
        rest: """
            vars: { me: "${uuid()}", channel: "${uuid()}", server: 00000000-0000-0000-0000-000000000000 }
            flow:
              - await: connection_established
              - emit: message
                data:
                  type: 0
                  payload: { channelId: "${channel}", entityId: "${me}", serverId: "${server}", metadata: { isDm: false, channelType: group } }
              - await: channel_joined
              - await: room_joined
              - repeat: 2
                flow:
                  - think: 100ms
                  - emit: message
                    data:
                      type: 1
                      payload: { senderId: "${me}", senderName: Visitor, message: What about that, channelId: "${channel}", serverId: "${server}", messageId: "${uuid()}", source: web_client, attachments: [] }
                  - await: { event: messageBroadcast, where: event.thought exists }
                    within: 5s
                  - think: 300ms
              - disconnect
            """
    )

    static let xenon = SpokenSessions(
        system: "xenon",
        target: "protocol: socket.io, auth: { apiKey: practice-key }",
        rest: """
            flow:
              - emit: handshake
                data: { version: 1.0.0, host: dashboard-1, timestamp: "${now()}" }
              - think: 30ms
              - emit: register_dashboard
              - think: 3s
              - disconnect
            """
    )
}
