import Metrics

/// How the readings of one server went.
struct ScrapeReport: Hashable, Sendable {
    var tries = 0
    var failures = 0
    /// Why the first that failed did.
    var reason = ""
    /// When that was, in seconds of the run.
    var firstFailure = 0.0
    /// The last one succeeded.
    var isUp = false
    /// How many series are kept.
    var series = 0
    var leftOut = ScrapeTracker.LeftOut()
    var malformed = 0

    /// A sentence for the person, as soon as a reading has failed.
    func warning(on endpoint: Endpoint) -> String? {
        failures == 0 ? nil : "the metrics of \(endpoint.shown) cannot be read: \(reason)"
    }

    /// Sentences for the run's report.
    func notes(on endpoint: Endpoint) -> [String] {
        let shown = endpoint.shown
        var notes: [String] = []
        if failures > 0, failures == tries {
            notes.append("the metrics of \(shown) could not be read: \(reason)")
        } else if failures > 0 {
            let time = ValueText.time(microseconds: firstFailure * 1e6)
            notes.append(
                "\(ValueText.grouped(failures)) of \(ValueText.grouped(tries)) readings of \(shown) failed, the first at "
                    + "\(time): \(reason)"
            )
        }
        if failures < tries, series == 0, leftOut.count == 0 {
            notes.append("no series of \(shown) was kept; look at what it shows, and at --scrape-only")
        }
        if leftOut.count > 0 {
            let names = leftOut.names.map { "\($0.name) (\(ValueText.grouped($0.count)))" }.joined(separator: ", ")
            let named = leftOut.names.reduce(0) { $0 + $1.count }
            notes.append(
                "\(ValueText.grouped(leftOut.count)) series of \(shown) were left out, for \(ValueText.grouped(series)) are "
                    + "kept: \(names)\(named < leftOut.count ? " …" : ""); choose with --scrape-only"
            )
        }
        if malformed > 0 {
            let lines = malformed == 1 ? "a line" : "\(ValueText.grouped(malformed)) lines"
            notes.append("\(lines) of the metrics of \(shown) could not be understood")
        }
        return notes
    }
}
