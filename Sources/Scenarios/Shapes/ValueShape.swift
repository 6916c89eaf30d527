/// A kind of value of the language.
indirect enum ValueShape: Sendable {
    /// `250ms`
    case duration
    /// `1s..3s`, or a distribution.
    case delay
    /// `20/s`, `20/s..100/s`
    case rate
    /// `16MB`
    case size
    /// `2KB/s`
    case byteRate
    /// `80%`, more than nothing and at most all.
    case percent
    case integer(from: Int, through: Int?)
    case number(from: Int, through: Int)
    /// `true` or `false`
    case flag
    /// One of these.
    case word([String])
    /// A text without templates.
    case name
    /// A text without templates that may be the name of a metric, a phase and the like.
    case identifier
    /// The path of a file below the scenario's folder.
    case file
    /// A text with templates.
    case text
    /// A text in which only `${env.NAME}` may stand.
    case fixedText
    /// A method and a path.
    case request
    /// Any value, with templates in its texts.
    case json
    /// PATH, or a list of them.
    case path
    /// COND
    case condition
    /// COND, or a map of PATH: value.
    case messageCondition
    /// EVENT
    case event
    /// Steps, or one step.
    case steps
    /// Nothing: the key stands alone.
    case nothing
    case map(any MapShape.Type)
    /// A map whose keys are names of the user's own.
    case named(KeyShape, ValueShape)
    case list(ValueShape)
    /// A value, or a list of them.
    case some(ValueShape)
    case either([ValueShape])

    /// What the keys of a map are, where the user names them.
    enum KeyShape: Sendable {
        case variable
        /// Letters, digits, '-' and '_'.
        case plain
        /// Anything: an event, a path, a header.
        case any
    }

    /// A value of each form that there is, as YAML on one line.
    var examples: [String] {
        switch self {
        case .duration: ["250ms", "1.5s", "2m"]
        case .delay: ["2s", "1s..3s", "{ mean: 2s, distribution: exponential }"]
        case .rate: ["20/s", "20/s..100/s"]
        case .size: ["64KB", "16MB", "512"]
        case .integer(let from, let through): ["\(from)"] + (through.map { ["\($0)"] } ?? [])
        case .byteRate: ["2KB/s", "512/s"]
        case .percent: ["80%", "0.5%", "100%"]
        case .number(let from, let through): ["\(from)", "\(through)"]
        case .flag: ["true", "false"]
        case .word(let words): words
        case .name, .identifier, .fixedText: ["name"]
        case .file: ["data/products.csv"]
        case .text: ["text of ${client.index}"].map(Self.quoted)
        case .request: ["GET /", "POST /api/chat"]
        case .json: ["{ id: 1, text: \"${client.index}\" }", "[ 1, two ]", "text", "5"]
        case .path: ["actions.0.id", "[ actions, steps ]", "$"]
        case .condition: ["client.index < 5"]
        case .messageCondition: ["{ id: 1 }", "event.id == 1"]
        case .event: ["message", "{ event: message, where: { id: 1 } }", "[ message, closed ]"]
        case .steps: ["connect", "[ connect, { think: 1s }, [ disconnect ] ]"]
        case .nothing: ["~"]
        case .map(let shape): [shape.example]
        case .named(_, let value): value.examples.prefix(1).map { "{ name: \($0) }" }
        case .list(let value): value.examples.prefix(1).map { "[ \($0) ]" }
        case .some(let value): value.examples.prefix(1).flatMap { [$0, "[ \($0) ]"] }
        case .either(let values): values.flatMap(\.examples)
        }
    }

    private static func quoted(_ text: String) -> String { "\"\(text)\"" }
}

extension MapShape {
    /// A map with the keys that have to be there.
    static var example: String {
        let needed = allCases.filter { $0.field.presence == .required }
        let keys = needed.isEmpty ? Array((alternatives.isEmpty ? allCases : alternatives).prefix(1)) : needed
        return "{ \(keys.map { "\($0.rawValue): \($0.field.examples[0])" }.joined(separator: ", ")) }"
    }
}
