import ArgumentParser
import Metrics
import UnixSignals

/// Ctrl-C, and the signal that a machine sends: the first asks for an end, the second ends the process.
enum Interruption {
    /// Listens until the task is cancelled.
    ///
    /// - Parameters:
    ///   - sentence: What the person is told at the first.
    ///   - first: Asks for the end.
    ///   - second: What has to be done yet before the process ends.
    static func obey(
        saying sentence: @autoclosure () -> String,
        first: () -> Void,
        second: () -> Void
    ) async {
        var isFirst = true
        for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) {
            guard isFirst else {
                second()
                Console.endView()
                Reprise.exit(withError: ArgumentParser.ExitCode(Metrics.ExitCode.interrupted.rawValue))
            }
            isFirst = false
            // Below the ^C of the terminal; the live view covers that by itself.
            Console.note("\(Console.hasView ? "" : "\n")\(sentence()); again to end at once")
            first()
        }
    }
}
