import Wire

/// Where clients connect, and how.
enum TargetKey: String, MapShape {
    case url, `protocol`, path, namespace, transports, subprotocols, query, headers, auth, envelope, heartbeat, timeout
    case tls, outbound, limits, dns, tcp

    static let summary = "Where clients connect, and how."

    var field: Field {
        switch self {
        case .url:
            Field(
                .fixedText,
                .dependent,
                "http://, https://, ws:// or wss://host:port, or practice:NAME?fault&fault=value for a practice server.",
                "ws://localhost:8000",
                "practice:leflux"
            )
        case .protocol:
            Field(
                .word(Target.MessageProtocol.allCases.map(\.rawValue)),
                "How messages are framed; socket.io unless said."
            )
        case .path:
            Field(
                .fixedText,
                "The path of the endpoint; /socket.io/ for Socket.IO and / for WebSocket unless said.",
                "/live"
            )
        case .namespace: Field(.fixedText, "Socket.IO: the namespace; / unless said.", "/admin")
        case .transports:
            Field(
                .list(.word(["polling", "websocket"])),
                "Socket.IO: [websocket], [polling], or [polling, websocket] for the official upgrade.",
                "[websocket]",
                "[polling]",
                "[polling, websocket]"
            )
        case .subprotocols:
            Field(.some(.name), "The names offered in Sec-WebSocket-Protocol.", "graphql-ws", "[ v2.chat, v1.chat ]")
        case .query:
            Field(
                .named(.any, .text),
                "Parameters of the URL; one that comes out empty is left out.",
                "{ role: admin, n: 5 }"
            )
        case .headers: Field(.named(.any, .text), "Headers of the handshake.", "{ Origin: \"https://shop.example\" }")
        case .auth:
            Field(
                .named(.any, .json),
                "Socket.IO: the payload of CONNECT; a template that comes out empty leaves its key out."
            )
        case .envelope:
            Field(
                .map(EnvelopeKey.self),
                "WebSocket: how events stand in messages. Without it each is the event 'message'."
            )
        case .heartbeat: Field(.map(HeartbeatKey.self), "WebSocket: what keeps the connection alive.")
        case .timeout: Field(.duration, "For the connect and the handshake; 20s unless said.")
        case .tls: Field(.map(TLSKey.self), "How https:// and wss:// are spoken.")
        case .outbound: Field(.map(OutboundKey.self), "What happens while the socket does not take what is sent.")
        case .limits: Field(.map(LimitsKey.self), "What a server may send at most; more is an error.")
        case .dns:
            Field(
                .word(Target.Resolution.allCases.map(\.rawValue)),
                "Whether the host is looked up once, or for each connection."
            )
        case .tcp: Field(.map(TCPKey.self), "Options of the TCP sockets.")
        }
    }
}

/// How events are framed on a plain WebSocket.
enum EnvelopeKey: String, MapShape {
    case send, event, rules, data

    static let summary = "How events are framed on a plain WebSocket."
    static let alternatives = allCases

    var field: Field {
        switch self {
        case .send:
            Field(
                .json,
                "The message that an 'emit' becomes: \"${emit}\" is the event's name, \"${data}\" its data.",
                "{ type: \"${emit}\", payload: \"${data}\", id: \"${uuid()}\" }"
            )
        case .event: Field(.path, "Where a received message says its event's name.", "type", "[ type, meta.type ]")
        case .rules:
            Field(
                .list(.map(EnvelopeRuleKey.self)),
                "For messages that do not say it: the first that fits names the event."
            )
        case .data: Field(.path, "Where its data stands; the whole message unless said.", "payload")
        }
    }
}

/// How an event without a name is known.
enum EnvelopeRuleKey: String, MapShape {
    case has, `is`

    static let summary = "A message that has all of these places is this event."

    var field: Field {
        switch self {
        case .has:
            Field(
                .some(.path),
                .required,
                "Places that the message has, all of them; a list in the list is a choice.",
                "[ run_id, [ output, output_type ] ]",
                "error"
            )
        case .is: Field(.name, .required, "The event's name.", "streaming_output")
        }
    }
}

/// What keeps a plain WebSocket alive.
enum HeartbeatKey: String, MapShape {
    case every, emit, data, await, within, answer

    static let summary =
        "What keeps a plain WebSocket alive: ping frames, messages of its own, or answers to the server's."
    static let alternatives = [every, answer]

    var field: Field {
        switch self {
        case .every: Field(.duration, "How often the client asks; with a ping frame unless 'emit' says what.", "30s")
        case .emit: Field(.text, "The event to ask with; without an envelope a text.", "PING")
        case .data: Field(.json, "The event's data; an empty object unless said.")
        case .await:
            Field(
                .event,
                .dependent,
                "The event that answers; without an envelope a text.",
                "PONG",
                "{ event: PONG, where: { ok: true } }"
            )
        case .within:
            Field(.duration, "A later answer is missed; 10s unless said, and never longer than 'every'.", "2s")
        case .answer:
            Field(
                .named(.any, .either([.text, .map(HeartbeatAnswerKey.self)])),
                "What the server's heartbeats are answered with.",
                "{ ping: pong }",
                "{ ping: { emit: pong, data: { ok: true } } }"
            )
        }
    }
}

/// What a heartbeat is answered with.
enum HeartbeatAnswerKey: String, MapShape {
    case emit, data

    static let summary = "What a heartbeat is answered with."

    var field: Field {
        switch self {
        case .emit: Field(.text, .required, "The event to answer with.", "pong")
        case .data: Field(.json, "Its data; an empty object unless said.")
        }
    }
}

/// How a client speaks TLS.
enum TLSKey: String, MapShape {
    case ca, certificate, key, verify, serverName

    static let summary = "How a client speaks TLS; the files are PEM."

    var field: Field {
        switch self {
        case .ca: Field(.file, "Certificates to trust in place of the system's.", "ca.pem")
        case .certificate: Field(.file, .dependent, "The client's own certificate chain.", "me.pem")
        case .key: Field(.file, .dependent, "The key of the client's certificate.", "me.key")
        case .verify: Field(.flag, "Whether the server's certificate has to be valid; true unless said.")
        case .serverName:
            Field(.fixedText, "The name to ask for and to verify; the URL's host unless said.", "shop.example")
        }
    }
}

/// What happens to messages while the socket does not take them.
enum OutboundKey: String, MapShape {
    case limit, overflow

    static let summary = "What happens to messages while the socket does not take them."

    var field: Field {
        switch self {
        case .limit:
            Field(.size, "Bytes that may wait for the socket; \(Amounts.text(ofSize: Outbound().limit)) unless said.")
        case .overflow:
            Field(
                .word(Outbound.Overflow.allCases.map(\.rawValue)),
                "What becomes of more: it waits, is dropped, or its step fails."
            )
        }
    }
}

/// What a server may send at most.
enum LimitsKey: String, MapShape {
    case frame, message, fragments, attachments, nesting, headers, body

    static let summary = "What a server may send at most; more is an error of the kind too_large."

    var field: Field {
        let unsaid = WireLimits()
        return switch self {
        case .frame: Self.size(unsaid.frame, "Bytes of one WebSocket frame")
        case .message:
            Self.size(unsaid.message, "Bytes of one message, polling payload, or packet with its attachments")
        case .fragments:
            Field(.integer(from: 1, through: 1_000_000), "Frames of one message; \(unsaid.fragments) unless said.")
        case .attachments:
            Field(
                .integer(from: 0, through: 1000),
                "Binary attachments of one packet; \(unsaid.attachments) unless said."
            )
        case .nesting:
            Field(
                .integer(from: 1, through: 128),
                "How deep arrays and objects may lie in each other; \(unsaid.nesting) unless said."
            )
        case .headers: Self.size(unsaid.headers, "Bytes of the head of an answer")
        case .body: Self.size(unsaid.body, "Bytes of the body of an answer to a request beside the socket")
        }
    }

    private static func size(_ unsaid: Int, _ summary: String) -> Field {
        Field(.size, "\(summary); \(Amounts.text(ofSize: unsaid)) unless said.")
    }
}

/// Options of the TCP sockets.
enum TCPKey: String, MapShape {
    case noDelay, keepAlive, sendBuffer, receiveBuffer

    static let summary = "Options of the TCP sockets."

    var field: Field {
        switch self {
        case .noDelay: Field(.flag, "Send small packets at once (TCP_NODELAY); true unless said.")
        case .keepAlive: Field(.flag, "Let the kernel probe idle connections (SO_KEEPALIVE).")
        case .sendBuffer: Field(.size, "Bytes of the kernel's send buffer.")
        case .receiveBuffer: Field(.size, "Bytes of the kernel's receive buffer.")
        }
    }
}
