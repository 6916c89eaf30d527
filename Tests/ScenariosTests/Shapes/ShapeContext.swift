@testable import Scenarios

/// Where a map of the language may stand, and what has to stand beside a key of it, for reading one alone.
struct ShapeContext {
    /// A scenario with the map in it, of which `@` is the place.
    var scenario: String
    /// What the map has in any case besides the keys that have to be there.
    var base: [String: String] = [:]
    /// What a key needs beside it: other keys and their values, which go before those of the base.
    var beside: [String: [String: String]] = [:]
    /// Keys that are not there beside a key.
    var without: [String: [String]] = [:]

    static let socketIO = "url: \"practice:a\""
    static let webSocket = "url: \"ws://a\", protocol: websocket"

    /// A scenario around a step.
    static func step(_ step: String, target: String = socketIO, before: String = "connect") -> String {
        """
        target: { \(target) }
        load: [ { for: 1s, clients: 1 } ]
        flow: [ \(before), \(step) ]
        """
    }

    static func target(_ target: String) -> String {
        "target: { \(target) }\nload: [ { for: 1s, clients: 1 } ]\nflow: connect"
    }

    static let steps: [String: ShapeContext] = Dictionary(
        uniqueKeysWithValues: StepKind.allCases.map { ($0.shape.definition, ShapeContext(scenario: step("@"))) }
    )

    /// By the map's name in the schema.
    static let all: [String: ShapeContext] = steps.merging(
        [
            "scenario": ShapeContext(
                scenario: "@",
                base: ["target": "{ \(socketIO) }", "flow": "connect"],
                beside: [
                    "clients": ["load": "[ { for: 1s, clients: 2 } ]"], "rejoin": ["reconnect": "socket.io"],
                ],
                without: ["clients": ["flow"]]
            ),
            "group": ShapeContext(
                scenario: "target: { \(socketIO) }\nload: [ { for: 1s, clients: 1 } ]\nclients: { a: @ }",
                base: ["flow": "connect"]
            ),
            "feed": ShapeContext(scenario: target(socketIO) + "\nfeeds: { p: @ }"),
            "phase": ShapeContext(
                scenario: "target: { \(socketIO) }\nload: [ @ ]\nflow: connect",
                base: ["clients": "10"],
                without: ["arrivals": ["clients"], "limit": ["clients"], "spacing": ["clients"]]
            )
            .adding(["limit": ["arrivals": "5/s"], "spacing": ["arrivals": "5/s"]]),
            "check": ShapeContext(
                scenario: target(socketIO) + "\nchecks: [ @ ]",
                beside: ["after": ["abort": "true"]]
            ),
            "distribution": ShapeContext(scenario: target(socketIO) + "\nthink: @"),
            "target": ShapeContext(
                scenario: "target: @\nload: [ { for: 1s, clients: 1 } ]\nflow: connect",
                base: ["url": "\"wss://a\""],
                beside: ["envelope": ["protocol": "websocket"], "heartbeat": ["protocol": "websocket"]]
            ),
            "envelope": ShapeContext(scenario: target("\(webSocket), envelope: @")),
            "envelopeRule": ShapeContext(scenario: target("\(webSocket), envelope: { rules: [ @ ] }")),
            "heartbeat": ShapeContext(
                scenario: target(
                    "\(webSocket), envelope: { event: e, send: { e: \"${emit}\", d: \"${data}\" } }, heartbeat: @"
                ),
                beside: [
                    "emit": ["every": "9s", "await": "PONG"], "await": ["every": "9s", "emit": "PING"],
                    "data": ["every": "9s", "emit": "PING", "await": "PONG"], "within": ["every": "9s"],
                ]
            ),
            "heartbeatAnswer": ShapeContext(
                scenario: target(
                    "\(webSocket), envelope: { send: [ \"${emit}\", \"${data}\" ] }, heartbeat: { answer: { message: @ } }"
                )
            ),
            "tls": ShapeContext(
                scenario: target("url: \"wss://a\", tls: @"),
                beside: ["certificate": ["key": "me.key"], "key": ["certificate": "me.pem"]]
            ),
            "outbound": ShapeContext(scenario: target("\(socketIO), outbound: @")),
            "limits": ShapeContext(scenario: target("\(socketIO), limits: @")),
            "tcp": ShapeContext(scenario: target("\(socketIO), tcp: @")),
            "emit": ShapeContext(
                scenario: step("@"),
                beside: ["onFailure": ["ack": "{}"], "onLoss": ["ack": "{}"]]
            ),
            "acknowledgement": ShapeContext(scenario: step("{ emit: a, ack: @ }")),
            "send": ShapeContext(
                scenario: step("@", target: "\(webSocket), outbound: { overflow: fail }"),
                beside: ["binary": ["send": "~"]]
            ),
            "acknowledge": ShapeContext(scenario: step("@")),
            "event": ShapeContext(scenario: step("{ await: @ }")),
            "stream": ShapeContext(scenario: step("@"), beside: ["final": ["text": "delta"]]),
            "repeat": ShapeContext(scenario: step("@"), beside: ["repeat": ["flow": "{ think: 1s }"]]),
            "rounds": ShapeContext(scenario: step("{ repeat: @, flow: { think: 1s } }")),
            "branch": ShapeContext(scenario: step("{ choose: [ @ ] }")),
            "reconnect": ShapeContext(scenario: target(socketIO) + "\nreconnect: @", base: ["delay": "1s"]),
            "fault": ShapeContext(
                scenario: """
                    target: { \(socketIO) }
                    load: [ { for: 1000h, clients: 1 } ]
                    clients: { visitor: { flow: [ connect, { think: 1s, joins: lobby } ] } }
                    faults: [ @ ]
                    """,
                base: ["drop": "5%"],
                beside: [
                    "stall": ["for": "1s"], "for": ["stall": "5%"], "rate": ["stall": "5%", "for": "1s"],
                ],
                without: ["stall": ["drop"], "for": ["drop"], "rate": ["drop"], "run": ["drop"]]
            ),
            "slowReading": ShapeContext(scenario: step("{ stall: @ }")),
            "rooms": ShapeContext(scenario: target(socketIO) + "\nrooms: @"),
            "fanOut": ShapeContext(scenario: target(socketIO) + "\non: { e: [ @ ] }"),
            "fanOutIdentity": ShapeContext(
                scenario: target(socketIO) + "\non: { e: { fanout: @ } }",
                base: ["room": "all"]
            ),
        ],
        uniquingKeysWith: { $1 }
    )

    /// The files that examples name.
    static let files = [
        "data/products.csv": "id,name\n1,Tea\n", "photo.png": "PNG",
        "ca.pem": "-----BEGIN CERTIFICATE-----\n", "me.pem": "-----BEGIN CERTIFICATE-----\n",
        "me.key": "-----BEGIN PRIVATE KEY-----\n",
    ]

    private func adding(_ more: [String: [String: String]]) -> ShapeContext {
        var context = self
        context.beside.merge(more) { $1 }
        return context
    }

    /// The map with what has to be there, and one key more or other.
    func map(of shape: ShapeDescription, _ key: String, _ value: String) -> [String: String] {
        var map = base
        for (name, field) in shape.fields where field.presence == .required { map[name] = field.examples[0] }
        map.merge(beside[key] ?? [:]) { $1 }
        for name in without[key] ?? [] { map[name] = nil }
        map[key] = value
        return map
    }

    /// The whole scenario with this map.
    func text(_ map: [String: String]) -> String {
        // The key that names a step comes first anyhow, whatever the order.
        let content = "{ \(map.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ")) }"
        return scenario.replacing("@", with: content)
    }
}
