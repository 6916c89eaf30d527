/// Options from environment variables: `--keep-failures 3` may be given as `REPRISE_KEEP_FAILURES=3`.
///
/// What the command line says itself wins.
enum EnvironmentOptions {
    /// One option of a command.
    struct Option: Hashable {
        var name: String
        /// It takes no value; the variable's is `1`, `true` or `yes`, or anything else for no.
        var isFlag: Bool
        /// The letter that stands for it.
        var short: Character?
        /// Its value may be left out; the variable's may also be what a flag's is.
        var isValueOptional = false
        /// The option without which it says nothing: a variable that is set for all runs is no mistake in those that have
        /// no use for it.
        var companion: String?
    }

    /// Those of `SideOptions`.
    private static let side = [
        Option(name: "otlp", isFlag: false), Option(name: "otlp-header", isFlag: false, companion: "otlp"),
        Option(name: "otlp-ca", isFlag: false, companion: "otlp"), Option(name: "scrape", isFlag: false),
        Option(name: "scrape-only", isFlag: false, companion: "scrape"),
        Option(name: "scrape-ca", isFlag: false, companion: "scrape"),
    ]

    /// The options of each command, by its name.
    static let options: [String: [Option]] = [
        "run": [
            Option(name: "target", isFlag: false), Option(name: "clients", isFlag: false),
            Option(name: "duration", isFlag: false), Option(name: "seed", isFlag: false),
            Option(name: "out", isFlag: false), Option(name: "threads", isFlag: false),
            Option(name: "source-ips", isFlag: false), Option(name: "generator", isFlag: false),
            Option(name: "quiet", isFlag: true), Option(name: "json", isFlag: true),
            Option(name: "trace", isFlag: true), Option(name: "verbose", isFlag: true),
            Option(name: "allow-run", isFlag: true), Option(name: "keep-failures", isFlag: false),
            Option(name: "dashboard", isFlag: false, isValueOptional: true),
        ] + side,
        "replay": [
            Option(name: "target", isFlag: false), Option(name: "clients", isFlag: false),
            Option(name: "speed", isFlag: false), Option(name: "ramp", isFlag: false),
            Option(name: "tolerance", isFlag: false), Option(name: "check", isFlag: false),
            Option(name: "seed", isFlag: false), Option(name: "out", isFlag: false),
            Option(name: "threads", isFlag: false), Option(name: "source-ips", isFlag: false),
            Option(name: "generator", isFlag: false), Option(name: "quiet", isFlag: true),
            Option(name: "json", isFlag: true), Option(name: "trace", isFlag: true),
            Option(name: "verbose", isFlag: true), Option(name: "keep-secrets", isFlag: true),
            Option(name: "dashboard", isFlag: false, isValueOptional: true),
        ] + side,
        "record": [
            Option(name: "target", isFlag: false), Option(name: "listen", isFlag: false),
            Option(name: "output", isFlag: false, short: "o"), Option(name: "force", isFlag: true),
            Option(name: "quiet", isFlag: true), Option(name: "keep-secrets", isFlag: true),
            Option(name: "rewrite-origin", isFlag: true), Option(name: "max-size", isFlag: false),
            Option(name: "max-body", isFlag: false), Option(name: "ca", isFlag: false),
            Option(name: "insecure", isFlag: true),
        ],
        "minimize": [
            Option(name: "check", isFlag: false), Option(name: "target", isFlag: false),
            Option(name: "server-limit", isFlag: false), Option(name: "clients", isFlag: false),
            Option(name: "trials", isFlag: false),
            Option(name: "max-trials", isFlag: false), Option(name: "timeout", isFlag: false),
            Option(name: "seed", isFlag: false), Option(name: "output", isFlag: false, short: "o"),
            Option(name: "force", isFlag: true), Option(name: "quiet", isFlag: true),
            Option(name: "allow-run", isFlag: true),
        ],
        "compare": [
            Option(name: "base", isFlag: false), Option(name: "new", isFlag: false),
            Option(name: "tolerance", isFlag: false), Option(name: "confidence", isFlag: false),
            Option(name: "metric", isFlag: false), Option(name: "html", isFlag: false),
            Option(name: "json", isFlag: true), Option(name: "quiet", isFlag: true),
        ],
        "check": [
            Option(name: "target", isFlag: false), Option(name: "clients", isFlag: false),
            Option(name: "duration", isFlag: false),
        ],
        "init": [Option(name: "output", isFlag: false, short: "o")],
        "practice": [
            Option(name: "host", isFlag: false), Option(name: "port", isFlag: false),
            Option(name: "seed", isFlag: false), Option(name: "fault", isFlag: false),
            Option(name: "truth", isFlag: false), Option(name: "ping-interval", isFlag: false),
            Option(name: "ping-timeout", isFlag: false), Option(name: "transports", isFlag: false),
            Option(name: "cookie", isFlag: true), Option(name: "connect-timeout", isFlag: false),
            Option(name: "allowed-hosts", isFlag: false), Option(name: "log", isFlag: false),
            Option(name: "recovery", isFlag: false), Option(name: "for", isFlag: false),
        ],
    ]

    /// The arguments, with those appended that only the environment gives.
    static func merged(arguments: [String], environment: [String: String]) -> [String] {
        guard let command = arguments.first(where: { !$0.hasPrefix("-") }), let known = options[command] else {
            return arguments
        }
        let given = arguments.prefix { $0 != "--" }
        func isGiven(_ name: String, short: String? = nil) -> Bool {
            given.contains { $0 == "--\(name)" || $0.hasPrefix("--\(name)=") || $0 == short }
        }
        func variable(_ name: String) -> String? { environment[Self.variable(name)].flatMap { $0.isEmpty ? nil : $0 } }
        var added: [String] = []
        for option in known {
            let word = "--\(option.name)"
            guard !isGiven(option.name, short: option.short.map { "-\($0)" }), let value = variable(option.name) else {
                continue
            }
            if let companion = option.companion, !isGiven(companion), variable(companion) == nil { continue }
            let isYes = ["1", "true", "yes"].contains(value.lowercased())
            let isNo = option.isValueOptional && ["0", "false", "no"].contains(value.lowercased())
            if option.isFlag || (option.isValueOptional && isYes) {
                if isYes { added.append(word) }
            } else if !isNo {
                added.append("\(word)=\(value)")
            }
        }
        return Array(given) + added + arguments.dropFirst(given.count)
    }

    private static func variable(_ option: String) -> String {
        "REPRISE_\(option.uppercased().replacing("-", with: "_"))"
    }
}
