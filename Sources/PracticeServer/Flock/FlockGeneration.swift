import NIOCore

/// What differs between the server of Flock's document and today's.
protocol FlockGeneration: SendableMetatype {
    static var system: String { get }
    static var port: Int { get }
    /// The names of the events; the last is `ping`.
    static var sentEvents: [String] { get }
    /// How long a client may take for one message until it is never sent another; nil for any time.
    ///
    /// Where there is such a time, no run goes on while a client does not take what it was sent.
    static var sendTimeout: TimeAmount? { get }
    /// The status of an answer to a publication whose type or content will not do.
    static var invalidStatus: Int { get }

    /// What is broadcast of a run, in order.
    static func steps(of run: FlockRun) -> [FlockStep]

    /// The place of a step's event among those that are sent, and its message.
    ///
    /// - Parameter time: As texts have it.
    static func message(
        _ step: FlockStep,
        of run: FlockRun,
        _ graph: FlockGraph,
        time: String,
        at now: NIODeadline
    ) -> (event: Int, message: ByteBuffer)

    static func ping(at now: NIODeadline) -> ByteBuffer
}
