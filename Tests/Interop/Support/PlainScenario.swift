/// Scenarios for the plain WebSocket server.
enum PlainScenario {
    /// What the server's `/json` speaks.
    static let envelope = """
        envelope:
            send: { type: "${emit}", payload: "${data}", id: "${uuid()}" }
            event: type
            data: payload
            rules: [ { has: [run_id, output_type], is: output } ]
        """

    /// Ten clients in half a second, each of whom runs the flow once.
    ///
    /// - Parameters:
    ///   - flow: The steps and, before them, what else stands at the top, without indentation.
    ///   - target: More lines of `target:`, without indentation.
    static func text(
        _ port: Int,
        path: String,
        scheme: String = "ws",
        host: String = "127.0.0.1",
        target: String = "",
        _ flow: String
    ) -> String {
        """
        name: plain
        target:
          url: "\(scheme)://\(host):\(port)"
          protocol: websocket
          path: \(path)
          \(target.split(separator: "\n").joined(separator: "\n  "))
        load: [ { for: 500ms, arrivals: 20/s } ]
        grace: 10s
        \(flow)
        """
    }

    /// Events through the envelope, of every kind.
    static let talk = """
        flow:
          - emit: ask
            data: { client: "${client.index}", text: "größe 🙂" }
          - await: answer
            where: { echo.client: "${client.index}" }
            measure: answer
            capture: { text: echo.text, id: to }
          - when: text != "größe 🙂" or not (id exists)
            flow: [ { fail: "the answer is another: ${text} ${id}" } ]
          - emit: twice
          - await: answer
            capture: { first: "$.payload" }
          - await: answer
            capture: { second: "$.payload" }
          - when: first != 1 or second != 2
            flow: [ { fail: "the answers are others: ${first} ${second}" } ]
          - emit: untyped
          - await: output
            where: { "$.run_id": 7, "$.output_type": text }
          - emit: beat
          - await: beaten
            where: { after: pong }
          - disconnect
        """
}
