extension PracticeServer {
    /// In the order of a help text.
    static let dialects: [any Dialect.Type] = [
        LeFluxDialect<LeFluxDocument>.self, LeFluxDialect<LeFluxCurrent>.self, ElizaOSDialect<ElizaOSDocument>.self,
        ElizaOSDialect<ElizaOSCurrent>.self,
        XenonDialect<XenonDocument>.self, XenonDialect<XenonCurrent>.self, FlockDialect<FlockDocument>.self,
        FlockDialect<FlockCurrent>.self, PraxisDialect.self, PraxisCurrentDialect.self, EchoDialect.self,
        ConformanceDialect.self,
    ]

    /// The systems whose dialects it speaks.
    package static let systems = dialects.map { $0.system }

    /// Where a system listens unless told otherwise; nil where there is no such system.
    package static func port(of system: String) -> Int? {
        dialects.first { $0.system == system }?.port
    }

    /// The names of the faults that mean something to a system.
    package static func faults(of system: String) -> [String] {
        dialects.first { $0.system == system }?.faults ?? []
    }

    /// What a practice server is to be.
    package struct Configuration: Sendable {
        /// One of `PracticeServer.systems`.
        package var system: String
        package var host: String
        /// 0 takes any free port; the system's own unless said.
        package var port: Int
        /// What is random in the answers follows from it.
        package var seed: UInt64
        package var faults: [Fault]
        /// Where the truth is written at the end; nil for nowhere.
        package var truth: String?
        /// Where connections are written down as they come and go, a JSON object in a line; nil for nowhere.
        package var log: String?
        /// The transports of Engine.IO that it serves; a session that polls can be upgraded if WebSocket is among them.
        package var transports = EngineTransport.allCases
        /// Whether a session that is opened by polling sets the cookie `io`, as the official server's `cookie: true`.
        package var setsCookie = false
        /// Hosts whose pages may connect, without scheme and port; `*` stands for all. Requests without an Origin
        /// come from no page and are always allowed.
        package var allowedHosts = ["shop.example", "localhost", "127.0.0.1"]
        package var pingInterval = Duration.milliseconds(25_000)
        package var pingTimeout = Duration.milliseconds(20_000)
        /// How long a session may take to move from polling to a WebSocket.
        package var upgradeTimeout = Duration.seconds(10)
        /// How long a client has to join a namespace.
        package var connectTimeout = Duration.seconds(45)
        /// The largest message of a client, and the largest body of a polling request, in bytes.
        package var maxPayload = 1_000_000

        package init(
            system: String,
            host: String = "127.0.0.1",
            port: Int? = nil,
            seed: UInt64 = 1,
            faults: [Fault] = [],
            truth: String? = nil
        ) {
            self.system = system
            self.host = host
            self.port = port ?? PracticeServer.port(of: system) ?? 0
            self.seed = seed
            self.faults = faults
            self.truth = truth
        }

        /// As it is with the faults that are a setting by another name.
        var withFaults: Configuration {
            let plan = FaultPlan(faults)
            var configuration = self
            configuration.pingInterval = plan.pingInterval ?? pingInterval
            configuration.pingTimeout = plan.pingTimeout ?? pingTimeout
            return configuration
        }
    }
}
