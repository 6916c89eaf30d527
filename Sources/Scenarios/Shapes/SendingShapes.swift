/// `emit`
enum EmitKey: String, MapShape {
    case emit, data, args, binary, ack, onFailure, onLoss, joins, leaves

    static let summary = "Sends an event."

    var field: Field {
        switch self {
        case .emit:
            Field(
                .name,
                .required,
                "The event's name; of another namespace than the target's: /namespace,name.",
                "join",
                "\"/admin,join\""
            )
        case .data: Field(.json, "Its data: the only argument.")
        case .args: Field(.list(.json), "Socket.IO: its arguments, in place of 'data'.", "[ 1, { two: 2 } ]")
        case .binary: .binary
        case .ack:
            Field(.map(AcknowledgementKey.self), "Socket.IO: wait for the acknowledgement.", "{ within: 2s }", "{}")
        case .onFailure: .onFailure
        case .onLoss: .onLoss
        case .joins: .joins
        case .leaves: .leaves
        }
    }
}

/// What waits for an acknowledgement.
enum AcknowledgementKey: String, MapShape {
    case within, measure, capture

    static let summary = "Waits for the acknowledgement of what was sent."

    var field: Field {
        switch self {
        case .within: .within
        case .measure: .measure
        case .capture: .capture
        }
    }
}

/// `send`
enum SendKey: String, MapShape {
    case send, binary, onFailure, joins, leaves

    static let summary = "Sends a raw message on a plain WebSocket."

    var field: Field {
        switch self {
        case .send:
            Field(
                .either([.nothing, .text, .json]),
                .required,
                "A text, or a list or map that is sent as JSON; nothing beside 'binary'.",
                "hello",
                "{ type: hello }",
                "[ 1 ]"
            )
        case .binary: Field(.file, "A file that is sent as a binary message.", "photo.png")
        case .onFailure: .onFailure
        case .joins: .joins
        case .leaves: .leaves
        }
    }
}

/// `acknowledge`
enum AcknowledgeKey: String, MapShape {
    case acknowledge, args, binary

    static let summary = "Answers an event for which the server asked an acknowledgement (Socket.IO)."

    var field: Field {
        switch self {
        case .acknowledge:
            Field(
                .either([.nothing, .json]),
                .required,
                "The only argument of the answer; nothing for an empty one.",
                "~",
                "{ ok: true }"
            )
        case .args: Field(.list(.json), "The arguments of the answer, in place of a value.", "[ 1, two ]")
        case .binary: .binary
        }
    }
}

/// `http`
enum HTTPKey: String, MapShape {
    case http, json, headers, expect, within, measure, capture, onFailure, joins, leaves

    static let summary = "A request beside the socket; cookies are kept."

    var field: Field {
        switch self {
        case .http: Field(.request, .required, "A method and a path on the target's host, or a whole URL.")
        case .json: Field(.json, "The body, as JSON.")
        case .headers: Field(.named(.any, .text), "Headers beside the target's.", "{ X-Trace: \"${uuid()}\" }")
        case .expect:
            Field(
                .integer(from: 100, through: 599),
                "The status that is no failure; any from 200 to 399 unless said.",
                "200"
            )
        case .within: .within
        case .measure: .measure
        case .capture: .capture
        case .onFailure: .onFailure
        case .joins: .joins
        case .leaves: .leaves
        }
    }
}

/// `connect`, with options.
enum ConnectKey: String, MapShape {
    case connect, onFailure, joins, leaves

    static let summary = "Opens the connection to the point where events can flow."

    var field: Field {
        switch self {
        case .connect: Field(.nothing, .required, "Has no value.")
        case .onFailure: .onFailure
        case .joins: .joins
        case .leaves: .leaves
        }
    }
}

/// `disconnect`, as a map.
enum DisconnectKey: String, MapShape {
    case disconnect

    static let summary = "Leaves as the protocol says."

    var field: Field { Field(.nothing, .required, "Has no value.") }
}

extension Field {
    static let within = Field(.duration, "How long to wait; 10s unless said.")
    static let measure = Field(.identifier, "The name of the latency, in checks and reports.", "join")
    static let capture = Field(
        .named(.variable, .path),
        "Variables, and the places of the received message that they get.",
        "{ id: id, first: [ items.0, list.0 ] }"
    )
    fileprivate static let binary = Field(
        .some(.file),
        "Socket.IO: files that become binary arguments behind the others.",
        "photo.png",
        "[ photo.png, ca.pem ]"
    )
}
