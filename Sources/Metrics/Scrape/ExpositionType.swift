/// What a family of metrics is, as its `# TYPE` line says.
enum ExpositionType: String {
    case counter, gauge, histogram, summary, info
    case stateSet = "stateset"
    case gaugeHistogram = "gaugehistogram"
    case unknown, untyped
}
