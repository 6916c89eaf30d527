/// What one line of a family is.
enum ExpositionRole: Hashable, Sendable {
    /// Only grows, but for a restart of the server.
    case counter
    case gauge
    /// How many observations a histogram or a summary has.
    case count
    /// The sum of their values.
    case sum
    /// The observations up to a limit.
    case bucket
    /// What tells nothing over time: when a counter was made, texts about the server.
    case constant
}
