extension PracticeServer {
    /// The systems whose dialects it speaks.
    package static let systems = ["leflux"]

    /// What a practice server is to be.
    package struct Configuration: Sendable {
        /// One of `PracticeServer.systems`.
        package var system: String
        package var host: String
        /// 0 takes any free port.
        package var port: Int
        /// What is random in the answers follows from it.
        package var seed: UInt64
        package var faults: [Fault]
        /// Where the truth is written at the end; nil for nowhere.
        package var truth: String?
        /// Where Socket.IO is served; with both slashes.
        package var path = "/socket.io/"
        /// Hosts whose pages may connect, without scheme and port; `*` stands for all. Requests without an Origin
        /// come from no page and are always allowed.
        package var allowedHosts = ["shop.example", "localhost", "127.0.0.1"]
        package var pingInterval = Duration.milliseconds(25_000)
        package var pingTimeout = Duration.milliseconds(20_000)
        /// How long a client has to join a namespace.
        package var connectTimeout = Duration.seconds(45)
        /// The largest message of a client, in bytes.
        package var maxPayload = 1_000_000

        package init(
            system: String,
            host: String = "127.0.0.1",
            port: Int = 3002,
            seed: UInt64 = 1,
            faults: [Fault] = [],
            truth: String? = nil
        ) {
            self.system = system
            self.host = host
            self.port = port
            self.seed = seed
            self.faults = faults
            self.truth = truth
        }
    }
}
