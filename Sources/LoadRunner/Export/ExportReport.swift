import Metrics

/// How the pushes of a run went.
struct ExportReport: Hashable, Sendable {
    /// Requests that the collector took.
    var taken = 0
    /// Requests that failed or were turned down, each try.
    var failed = 0
    /// Why the last of them was not taken.
    var reason = ""
    /// The last figures of the run were taken, all of them.
    var isWhole = false
    /// The most points of one push that it took and did not want.
    var rejected = 0
    /// What it said to that, or as a warning.
    var message = ""

    /// Sentences for the run's report.
    func notes(on endpoint: Endpoint) -> [String] {
        var notes: [String] = []
        switch (isWhole, taken) {
        case (false, 0):
            notes.append("the figures could not be pushed to \(endpoint.shown): \(reason)")
        case (false, _):
            notes.append("the last figures could not be pushed to \(endpoint.shown), which has older ones: \(reason)")
        case (true, _) where failed > 0:
            notes.append(
                "\(ValueText.grouped(failed)) of \(ValueText.grouped(failed + taken)) pushes to \(endpoint.shown) failed "
                    + "(\(reason)); the totals there are whole all the same"
            )
        default:
            break
        }
        if rejected > 0 {
            let why = message.isEmpty ? "" : ": \(message)"
            notes.append("\(endpoint.shown) turned down \(ValueText.grouped(rejected)) points of a push\(why)")
        } else if !message.isEmpty {
            notes.append("\(endpoint.shown) says of the figures pushed to it: \(message)")
        }
        return notes
    }
}
