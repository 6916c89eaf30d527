/// Where clients connect, and how.
enum TargetKey: String, MapShape {
    case url, `protocol`, path, namespace, transports, subprotocols, query, headers, auth, envelope, heartbeat, timeout
    case tls, outbound, limits, dns, tcp
}

/// How events are framed on a plain WebSocket.
enum EnvelopeKey: String, MapShape {
    case send, event, rules, data
}

/// How an event without a name is known.
enum EnvelopeRuleKey: String, MapShape {
    case has, `is`
}

/// What keeps a plain WebSocket alive.
enum HeartbeatKey: String, MapShape {
    case every, emit, data, await, within, answer
}

/// What a heartbeat is answered with.
enum HeartbeatAnswerKey: String, MapShape {
    case emit, data
}

/// How a client speaks TLS.
enum TLSKey: String, MapShape {
    case ca, certificate, key, verify, serverName
}

/// What happens to messages while the socket does not take them.
enum OutboundKey: String, MapShape {
    case limit, overflow
}

/// What a server may send at most.
enum LimitsKey: String, MapShape {
    case frame, message, fragments, attachments, nesting, headers, body
}

/// Options of the TCP sockets.
enum TCPKey: String, MapShape {
    case noDelay, keepAlive, sendBuffer, receiveBuffer
}
