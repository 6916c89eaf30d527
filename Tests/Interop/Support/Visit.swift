/// Scenarios of visitors of the practice server, who all come once.
enum Visit {
    /// Twenty visitors join, ask twice, and do their tasks.
    ///
    /// - Parameter faults: As in the target's URL.
    static func text(_ faults: String = "") -> String {
        head(faults, arrivals: 20) + """
              - emit: echo
                data: { n: "${client.index}" }
                ack: { within: 5s }
              - repeat: 2
                flow:
            \(ask.indented(by: 6))
            \(task("serverLimit: 30").indented(by: 6))
            """
    }

    /// Ten visitors who ask once, and whose tasks have these limits.
    static func task(_ faults: String, _ limits: String) -> String {
        head(faults, arrivals: 10) + "\(ask.indented(by: 2))\n\(task(limits).indented(by: 2))\n"
    }

    /// Ten visitors who join and stay for three seconds.
    static func waiting(_ faults: String = "") -> String {
        head(faults, arrivals: 10) + "  - think: 3s\n"
    }

    /// Ten visitors who join, leave, and come back to find what they had.
    static func returning(_ faults: String) -> String {
        head(faults, arrivals: 10) + """
              - disconnect
              - connect
              - emit: join_session
                data: { sessionId: "${session}" }
              - await: session_joined
                where: { sessionId: "${session}", restored: true }
                within: 1s
                measure: returned
            """
    }

    /// Ten visitors of sessions that nobody made, whose steps are measured under names of their own.
    static let named = """
        name: named
        target: { url: "practice:leflux", protocol: socket.io }
        load: [ { for: 1s, arrivals: 10/s } ]
        grace: 10s
        flow:
          - emit: echo
            data: 1
            ack: { within: 5s, measure: echoed }
          - http: POST /api/chat
            json: { sessionId: nobody, message: "Hello?" }
            expect: 200
            measure: asked
        """

    private static func head(_ faults: String, arrivals: Int) -> String {
        """
        name: visit
        target:
          url: "practice:leflux\(faults.isEmpty ? "" : "?" + faults)"
          protocol: socket.io
          query: { sessionId: "${session}" }
          headers: { Origin: "https://shop.example" }
        vars: { session: "${uuid()}" }
        load: [ { for: 1s, arrivals: \(arrivals)/s } ]
        grace: 30s
        reconnect: none
        on:
          confirmation_required: [ { emit: confirmation_response, data: { sessionId: "${session}", confirmed: true } } ]
          message: []
          ui_block: []
        flow:
          - connect
          - emit: join_session
            data: { sessionId: "${session}" }
          - await: session_joined
            where: { sessionId: "${session}" }
            within: 5s
            measure: join

        """
    }

    private static let ask = """
        - http: POST /api/chat
          json: { sessionId: "${session}", message: "What does it cost?" }
          expect: 200
        - stream: answer
          chunk: message_chunk
          done: message_done
          key: streamId
          index: chunkIndex
          text: delta
          final: text
          within: 10s
        """

    private static func task(_ limits: String) -> String {
        """
        - plan: task
          event: action_plan
          actions: actions
          \(limits)
          done: task_complete
          refuse: error
          within: 20s
          reply:
            - emit: action_complete
              data: { sessionId: "${session}", actionId: "${event.actions.0.id}", result: { success: true } }
            - emit: continue_task
              data: { sessionId: "${session}", context: { url: "https://shop.example/" } }
        """
    }
}

extension String {
    /// The text with so many spaces before each line.
    fileprivate func indented(by count: Int) -> String {
        let space = String(repeating: " ", count: count)
        return split(separator: "\n", omittingEmptySubsequences: false).map { space + $0 }.joined(separator: "\n")
    }
}
