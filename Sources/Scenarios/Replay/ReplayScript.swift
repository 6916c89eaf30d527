package import NIOCore

/// A recording as something to be played: what the client does, upon what, and what the server is to say.
///
/// Actions and arrivals stand in the order of the recording. The steps of actions are those of the groups' flows, which
/// nobody runs as a flow: an action names its steps by their place.
package struct ReplayScript: Sendable {
    /// The recorded connections, in the order in which they were opened.
    package var links: [Link]
    package var actions: [Action]
    package var arrivals: [Arrival]
    /// What arrivals are reported as.
    package var events: [Event]
    /// From the start to the last line of the recording.
    package var length: Duration
    /// What pauses are divided by.
    package var speed = 1.0
    /// How much later than in the recording something may come after its cause.
    package var tolerance = Duration.milliseconds(100)

    /// One connection of the recording.
    package struct Link: Hashable, Sendable {
        /// The group that has its target.
        package var group: Int
        /// The namespaces, beside the target's, that something is said in.
        package var namespaces: [String] = []
    }

    /// Something that the client does.
    package struct Action: Sendable {
        package enum Kind: Hashable, Sendable {
            case open
            case close
            /// `emit` or `send`
            case message
            /// Answers the event of this arrival, for which the server asked an acknowledgement.
            case acknowledge(arrival: Int)
            /// A request beside the sockets.
            case request
            /// The recording is over.
            case end
        }

        package var kind: Kind
        /// On which connection; of a request, the one whose group it belongs to.
        package var link: Int
        /// The place in the group's flow of the step that sets variables before it.
        package var assignments: Int?
        /// The place of its own step.
        package var step: Int?
        /// The arrival that came last before it; nil: none did.
        package var trigger: Int?
        /// From the trigger, or the start.
        package var pause: Duration
        /// From the action before, or the start, to the trigger; zero where that had come already.
        package var wait: Duration
        /// What placeholders in its arguments stand for; of a plain WebSocket the message itself.
        package var attachments: [ByteBuffer] = []
        package var asksForAcknowledgement = false
        /// The body of a request, where it is no JSON.
        package var body: Body?

        package struct Body: Hashable, Sendable {
            package var bytes: ByteBuffer
            /// Empty where the recording does not say.
            package var contentType: String
        }
    }

    /// Something that the server does.
    package struct Arrival: Hashable, Sendable {
        package enum Kind: Hashable, Sendable {
            /// By the place in `Scenario.events`.
            case event(EventID)
            /// To an action: an acknowledgement, a response, an open connection.
            case answer(action: Int)
            /// The server turns the connection down that this action opens, with an answer or without one.
            case refusal(action: Int, isAnswered: Bool)
            /// The server closes the connection.
            case close
        }

        package var kind: Kind
        package var link: Int
        /// The action that came last before it; nil: none did.
        package var cause: Int?
        /// From the cause; nil where the recording does not say.
        package var delay: Duration?
        /// The place in the group's flow of the step with its captures.
        package var captures: Int?
        /// The place in `ReplayScript.events`.
        package var event: Int
    }

    /// What the server says again and again, under the name of a metric.
    package struct Event: Hashable, Sendable {
        package var name: String
        /// From their causes, in microseconds, in the order of the recording.
        package var recorded: [Int64] = []
        /// How many there are in the recording.
        package var count = 0
    }
}

/// A recording that is ready to be played.
package struct Replay: Sendable {
    /// The scenario that its steps and targets are read from, as YAML. Run as it stands it would be a flow without think
    /// times; `scenario(with:)` makes a replay of it.
    package var text: String
    package var script: ReplayScript
    /// The names of the events by their `EventID`.
    package var events: [String]
    /// What a person should know; sentences without the full stop.
    package var warnings: [String]
    /// The variables of the environment that stand for secrets.
    package var environment: [String]
}
