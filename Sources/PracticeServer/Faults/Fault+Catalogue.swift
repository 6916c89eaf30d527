extension Fault {
    /// What is said of a fault to who looks for one.
    package struct Entry: Hashable, Sendable {
        package let name: String
        /// How it is written, `drop-chunk[=N]`; a value in brackets may be left out.
        package let syntax: String
        /// What the server does, in one line.
        package let summary: String
        /// What the report of a run against it must show.
        package let report: String
    }

    /// The period of faults that are written without one.
    static let defaultPeriod = 7

    /// How many actions a cycle has that is written without a number.
    static let defaultCycle = 3

    /// Every fault, in the order of a help text.
    package static let all: [Entry] = [
        Entry(
            name: "latency",
            syntax: "latency=TIME[±TIME]",
            summary: "Every reply to a message or request comes later by this, in order per connection.",
            report: "Every latency but that of connecting grows by this much; nothing is counted as broken."
        ),
        Entry(
            name: "chunks",
            syntax: "chunks=N",
            summary: "Every answer has N chunks, in place of 8 to 20.",
            report: "STREAM.chunks is N throughout, less what other faults withhold."
        ),
        Entry(
            name: "chunk-interval",
            syntax: "chunk-interval=TIME",
            summary: "From one chunk to the next, in place of 10ms.",
            report: "STREAM.gap has this median."
        ),
        Entry(
            name: "drop-chunk",
            syntax: "drop-chunk[=N]",
            summary: "Every Nth chunk is withheld (7 unless said), never the last one of an answer.",
            report: "stream.missing is chunks.withheld of the truth file; the streams concerned are broken."
        ),
        Entry(
            name: "duplicate-chunk",
            syntax: "duplicate-chunk[=N]",
            summary: "Every Nth chunk is sent twice (7 unless said).",
            report: "stream.duplicated is chunks.duplicated of the truth file; the streams concerned are broken."
        ),
        Entry(
            name: "reorder-chunks",
            syntax: "reorder-chunks[=N]",
            summary: "Every Nth chunk that has one after it changes places with it (7 unless said).",
            report: "stream.reordered is chunks.reordered of the truth file: chunks that came after a higher index."
        ),
        Entry(
            name: "truncate",
            syntax: "truncate[=N]",
            summary: "Every Nth answer (7 unless said) stops halfway; its end still carries the whole text.",
            report: "stream.truncated is streams.truncated of the truth file; no chunk counts as missing."
        ),
        Entry(
            name: "refuse",
            syntax: "refuse=PERCENT",
            summary: "This share of the upgrades and polling handshakes is turned down with 503 and a body.",
            report: "errors.upgrade.503 is connections.refused of the truth file."
        ),
        Entry(
            name: "kill-after",
            syntax: "kill-after=TIME",
            summary: "Every connection is reset (TCP RST) this long after it opened.",
            report: "errors.reset counts the connections.killed of the truth file whose clients were still there."
        ),
        Entry(
            name: "no-ping",
            syntax: "no-ping",
            summary: "The server never sends a ping, neither of Engine.IO nor in an envelope.",
            report: "errors.heartbeat counts every client that stays longer than pingInterval + pingTimeout."
        ),
        Entry(
            name: "no-pong",
            syntax: "no-pong",
            summary: "The server answers no ping of a client, neither in an envelope nor a frame of WebSocket's.",
            report: "errors.heartbeat counts every client whose pings wait for an answer."
        ),
        Entry(
            name: "ignore-plan-limit",
            syntax: "ignore-plan-limit",
            summary: "Tasks never complete and the limit of 30 plans is not kept; element ids never repeat.",
            report: "plan.runaway counts the tasks whose clients had no limit of their own below 30."
        ),
        Entry(
            name: "cycle",
            syntax: "cycle[=N]",
            summary: "Tasks repeat N actions (3 unless said); the limit of 30 plans stops them.",
            report: "plan.runaway counts the tasks, with a cycle of period N; without cycle detection, plan.refused."
        ),
        Entry(
            name: "rate-limit",
            syntax: "rate-limit",
            summary: "More than 10 session inits or 30 chats per minute and address get 429.",
            report: "errors.http.429 is http of the truth file."
        ),
        Entry(
            name: "leak-session",
            syntax: "leak-session[=N]",
            summary: "Every Nth return to a session (every one unless said) finds it empty, and as if it were new.",
            report: "Who waits for `restored: true` times out; sessions.leaked of the truth file."
        ),
        Entry(
            name: "lose-delivery",
            syntax: "lose-delivery[=N]",
            summary: "Every Nth delivery of a broadcast to one member is withheld (7 unless said).",
            report: "fanout.missing is deliveries.withheld of the truth file."
        ),
        Entry(
            name: "double-delivery",
            syntax: "double-delivery[=N]",
            summary: "Every Nth delivery of a broadcast to one member is sent twice (7 unless said).",
            report: "fanout.duplicated is deliveries.doubled of the truth file."
        ),
        Entry(
            name: "swap-delivery",
            syntax: "swap-delivery[=N]",
            summary:
                "Every Nth delivery (7 unless said) changes places with the next one of its order to the same member.",
            report: "fanout.reordered is deliveries.swapped of the truth file."
        ),
        Entry(
            name: "duplicate-reply",
            syntax: "duplicate-reply[=N]",
            summary: "Every Nth answer of an agent is broadcast a second time (7 unless said).",
            report: "The count that the scenario keeps of repeated answers is deliveries.repeated of the truth file."
        ),
        Entry(
            name: "wrong-order",
            syntax: "wrong-order[=N]",
            summary:
                "Every Nth event (7 unless said) comes after the one that should follow it, for every member alike; "
                + "with Flock and Praxis, the end of every Nth run comes before its last progress.",
            report: "fanout.reordered, or stream.stray of runs, is deliveries.misordered of the truth file."
        ),
        Entry(
            name: "ignore-limits",
            syntax: "ignore-limits",
            summary: "The limits that the system promises are not kept.",
            report: "The refusals that the scenario expects do not come."
        ),
        Entry(
            name: "auth",
            syntax: "auth=on|off",
            summary: "Everybody is asked for credentials, or nobody, as with a server for local development.",
            report: "Clients without credentials are refused, or clients with wrong ones connect."
        ),
        Entry(
            name: "rate",
            syntax: "rate=N",
            summary: "N steps a second are simulated, in place of 20.",
            report: "The fan-out of the server's own events grows in proportion."
        ),
        Entry(
            name: "prefix",
            syntax: "prefix=PATH",
            summary: "The WebSocket is at PATH/ws, in place of /plugin/ws.",
            report: "Clients that ask for another path get 404."
        ),
        Entry(
            name: "heartbeat",
            syntax: "heartbeat=TIME",
            summary: "How often Flock pings its clients (never, unless said), and Praxis expects a PING (30s).",
            report: "Flock's pings are no messages. Praxis cuts who sends no PING for three times as long."
        ),
        Entry(
            name: "max-connections",
            syntax: "max-connections=N",
            summary: "How many connections Praxis takes at once (100 unless said; today's has no limit unless said).",
            report: "errors.closed.1008 is connections.overLimit of the truth file; of today's, errors.upgrade.403."
        ),
        Entry(
            name: "require-token",
            syntax: "require-token[=TEXT]",
            summary: "A client of Praxis needs a token in its query: this one, or any where none is said.",
            report: "errors.upgrade.403 counts the others; connections.rejected of the truth file."
        ),
        Entry(
            name: "buffer",
            syntax: "buffer=SIZE",
            summary: "A client is reset as soon as more than this waits for it in the server (64 MB unless said).",
            report: "stall.closed counts the clients that are readers.cut of the truth file."
        ),
        Entry(
            name: "zombie",
            syntax: "zombie=TIME",
            summary: "A client that has not taken a message after this time is sent none any more, and is not told.",
            report: "stall.silent counts the clients that are readers.zombies of the truth file."
        ),
        Entry(
            name: "recovery",
            syntax: "recovery=TIME",
            summary: "Connection state recovery, as the official Socket.IO server has it, for clients away no longer.",
            report: "reconnect.restored is recovery.restored of the truth file."
        ),
        Entry(
            name: "ping-interval",
            syntax: "ping-interval=TIME",
            summary: "From one heartbeat of Engine.IO to the next, in whole milliseconds (25s unless said).",
            report: "reconnect.detect of clients that vanish is at most this and ping-timeout together."
        ),
        Entry(
            name: "ping-timeout",
            syntax: "ping-timeout=TIME",
            summary: "How late the answer to a heartbeat of Engine.IO may be, in whole milliseconds (20s unless said).",
            report: "reconnect.detect of clients that vanish is at most this and ping-interval together."
        ),
    ]
}
