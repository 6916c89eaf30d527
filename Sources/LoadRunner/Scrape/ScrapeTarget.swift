import Metrics
import NIOCore
import NIOHTTP1

/// One server that is asked for its metrics, on the event loop of those who ask.
final class ScrapeTarget {
    /// For one reading, so that it is over before the next.
    static let timeout = TimeAmount.milliseconds(800)
    /// Longer answers are not read.
    static let bodyLimit = 4_000_000

    let endpoint: Endpoint
    private(set) var report = ScrapeReport()
    private(set) var isBusy = false
    private let client: EndpointClient
    private var tracker: ScrapeTracker

    init(_ client: EndpointClient, tracker: ScrapeTracker) {
        self.client = client
        endpoint = client.endpoint
        self.tracker = tracker
    }

    /// Asks once.
    ///
    /// - Parameters:
    ///   - time: Now, in seconds of the run.
    ///   - completion: Called on the event loop with what is to be said, when it is over.
    func read(at time: Double, _ completion: @escaping ([ScrapedRow]) -> Void) {
        isBusy = true
        let accept =
            "text/plain;version=0.0.4;charset=utf-8, application/openmetrics-text;version=1.0.0;charset=utf-8;q=0.5, */*;q=0.1"
        client.send(.GET, headers: ["Accept": accept], limit: Self.bodyLimit, timeout: Self.timeout) { result in
            self.isBusy = false
            completion(self.rows(result, at: time))
        }
    }

    func close() {
        client.close()
    }

    private func rows(_ result: Result<EndpointClient.Answer, EndpointFailure>, at time: Double) -> [ScrapedRow] {
        report.tries += 1
        do throws(EndpointFailure) {
            let body = try Self.body(result)
            guard let rows = tracker.read(body, at: time) else {
                throw EndpointFailure(text: "the answer is no text as Prometheus reads it")
            }
            report.isUp = true
            report.series = tracker.seriesCount
            report.leftOut = tracker.leftOut
            report.malformed = tracker.malformed
            return rows
        } catch {
            report.isUp = false
            report.failures += 1
            if report.reason.isEmpty {
                report.reason = error.text
                report.firstFailure = max(time, 0)
            }
            return tracker.failed()
        }
    }

    private static func body(
        _ result: Result<EndpointClient.Answer, EndpointFailure>
    ) throws(EndpointFailure) -> [UInt8] {
        let answer = try result.get()
        let status = answer.head.status
        guard status == .ok else {
            let hint = (300..<400).contains(status.code) ? "; redirects are not followed" : ""
            throw EndpointFailure(text: "the answer was \(EndpointFailure.words(status))\(hint)")
        }
        let encoding = answer.head.headers.first(name: "Content-Encoding")?.lowercased() ?? "identity"
        guard encoding == "identity" else {
            throw EndpointFailure(text: "the answer is compressed, which nobody asked for")
        }
        return answer.body
    }
}
