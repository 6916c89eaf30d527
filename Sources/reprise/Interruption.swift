import ArgumentParser
import Metrics
import UnixSignals

/// Ctrl-C, and the signal that a machine sends: the first asks for an end, the second ends the process.
///
/// Neither waits for the terminal, which may be paused.
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
        for await signal in await UnixSignalsSequence(trapping: .sigint, .sigterm, .sigcont) {
            guard signal != .sigcont else {
                // After Ctrl-Z the shell has written where the live view was.
                Console.resume()
                continue
            }
            guard isFirst else {
                second()
                Console.leave()
                Reprise.exit(withError: ArgumentParser.ExitCode(Metrics.ExitCode.interrupted.rawValue))
            }
            isFirst = false
            // What is true before the first has changed it.
            let sentence = sentence()
            first()
            // Below the ^C of the terminal; the live view covers that by itself.
            Console.mention("\(Console.hasView ? "" : "\n")\(sentence); again to end at once")
        }
    }
}
