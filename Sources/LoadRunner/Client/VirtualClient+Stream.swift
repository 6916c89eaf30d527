import Metrics
import NIOCore
import Scenarios
import Wire

/// A stream that a client is receiving.
final class StreamRun {
    let operation: StreamOperation
    var tracker: StreamTracker
    /// The hash of the key that tells this stream from others; nil until its first message.
    var key: UInt64?

    init(_ operation: StreamOperation) {
        self.operation = operation
        tracker = StreamTracker(stall: operation.stall, joinsText: operation.step.text != nil)
    }
}

extension VirtualClient {
    /// So many keys of ended streams are remembered for chunks that come after the end.
    private static let endedStreamLimit = 32

    /// Begins to receive, first what came before the step was reached.
    ///
    /// - Returns: Whether the stream is done already, and the flow goes on at once.
    func beginStream(_ operation: StreamOperation, at now: NIODeadline) -> Bool {
        let run = StreamRun(operation)
        waiting = .stream(run)
        set(.step, at: (cause(of: operation.wait)?.actual ?? now) + operation.wait.within)
        takeAllKept(for: run) { takeForStream(run, $0.event, $1, $0.question, at: $0.time, now: now) }
        return false
    }

    /// Offers every kept message to the running step, oldest first, until it is done or has seen all.
    ///
    /// - Parameter run: What the step follows; offering stops as soon as the client waits for something else.
    func takeAllKept(for run: AnyObject, _ take: (Inbox.Message, EventView) -> Bool) {
        var place = 0
        while place < inbox.messages.count, isWaiting(for: run) {
            // A message that is offered is out of the inbox, for the step's end may clear it.
            let message = inbox.remove(at: place)
            if !message.content.withView({ take(message, $0) }) {
                inbox.putBack(message, at: place)
                place += 1
            }
        }
    }

    private func isWaiting(for run: AnyObject) -> Bool {
        switch waiting {
        case .stream(let current): current === run
        case .plan(let current): current === run
        default: false
        }
    }

    /// Offers a message to the stream.
    ///
    /// - Parameters:
    ///   - time: When it was read.
    ///   - now: When it is handled; later for one out of the inbox.
    /// - Returns: Whether it belongs to the stream.
    func takeForStream(
        _ run: StreamRun,
        _ event: EventID,
        _ view: EventView,
        _ question: Question?,
        at time: NIODeadline,
        now: NIODeadline
    ) -> Bool {
        guard belongs(to: run, event, view) else { return false }
        let step = run.operation.step
        let isChunk = matches(step.chunk, event, view)
        let isDone = matches(step.done, event, view)
        if run.key == nil, let path = step.key { run.key = view.hash(at: path, salt: run.operation.number) }
        if let question { asked(question) }
        if isChunk, !takeChunk(run, view, at: time) {
            let place = run.operation.step.name
            fail("protocol", "a chunk of stream \(place) has an impossible index", at: now)
            return true
        }
        if isDone { endStream(run, view, at: time, now: now) }
        return true
    }

    /// Whether the message is one of the stream's.
    func belongs(to run: StreamRun, _ event: EventID, _ view: EventView) -> Bool {
        let step = run.operation.step
        guard matches(step.chunk, event, view) || matches(step.done, event, view) else { return false }
        if let condition = step.condition, !condition.matches(view, &values) { return false }
        guard let path = step.key else { return true }
        let key = view.hash(at: path, salt: run.operation.number)
        if let own = run.key { return key == own }
        return !endedStreams.contains(key)
    }

    /// Remembers the key of a stream that has ended.
    func rememberEnded(_ key: UInt64) {
        endedStreams.append(key)
        if endedStreams.count > Self.endedStreamLimit {
            endedStreams.removeFirst()
            endedBeforeLoss = max(0, endedBeforeLoss - 1)
        }
    }

    /// Counts a chunk whose stream has ended.
    ///
    /// - Returns: Whether it was one.
    func countStray(_ event: EventID, _ view: EventView) -> Bool {
        guard !endedStreams.isEmpty else { return false }
        for stream in program.streams {
            guard let path = stream.step.key, matches(stream.step.chunk, event, view) else { continue }
            if let place = endedStreams.firstIndex(of: view.hash(at: path, salt: stream.number)) {
                // One that ended before the connection fell is sent once more after it.
                recorder.add(place < endedBeforeLoss ? .replayed : .stray, of: stream.metrics, group: group)
                return true
            }
        }
        return false
    }

    func streamTimedOut(_ run: StreamRun, at now: NIODeadline) {
        count(run.tracker.timeOut(), of: run.operation)
        fail("timeout", "the end of stream \(run.operation.step.name) did not come", at: now)
    }

    private func takeChunk(_ run: StreamRun, _ view: EventView, at time: NIODeadline) -> Bool {
        let step = run.operation.step
        let index = step.index.flatMap { $0.slice(in: view) }.flatMap { JSONScanner.integer(of: $0, in: view.bytes) }
        let arrival: StreamTracker.Arrival?
        switch step.text.flatMap({ $0.found(in: view) }) {
        case .json(let slice):
            arrival = worker.withText(of: slice, in: view.bytes) {
                run.tracker.chunk(index: index, content: $0, at: time)
            }
        case .text(let range):
            let text = UnsafeRawBufferPointer(rebasing: view.bytes[range])
            arrival = run.tracker.chunk(index: index, content: text, at: time)
        case nil:
            arrival = run.tracker.chunk(index: index, content: nil, at: time)
        }
        guard let arrival else { return false }
        let metrics = run.operation.metrics
        if arrival.isFirstContent { record(metrics.firstChunk, of: run.operation.wait, at: time) }
        if let gap = arrival.gap {
            recorder.record(metrics.gap, group: group, nanoseconds: max(0, gap.nanoseconds))
        }
        return true
    }

    private func endStream(_ run: StreamRun, _ view: EventView, at time: NIODeadline, now: NIODeadline) {
        let outcome: StreamTracker.Outcome
        if let slice = run.operation.step.final.flatMap({ $0.slice(in: view) }) {
            outcome = worker.withText(of: slice, in: view.bytes) { run.tracker.finish(final: $0, at: time) }
        } else {
            outcome = run.tracker.finish(final: nil, at: time)
        }
        record(run.operation.metrics.duration, of: run.operation.wait, at: time)
        count(outcome, of: run.operation)
        succeed(run.operation.wait, at: time)
        if let key = run.key { rememberEnded(key) }
        take(view, capture: [])
        complete(closesWindow: true, at: now)
    }

    /// Records a latency from the step's cause.
    func record(_ metric: LatencyMetric, of wait: WaitOperation, at time: NIODeadline) {
        guard let cause = cause(of: wait) else { return }
        recorder.record(
            metric,
            group: group,
            scheduled: max(0, (time - cause.scheduled).nanoseconds),
            service: max(0, (time - cause.actual).nanoseconds)
        )
    }

    private func count(_ outcome: StreamTracker.Outcome, of operation: StreamOperation) {
        let metrics = operation.metrics
        recorder.record(metrics.chunks, group: group, value: outcome.chunks)
        recorder.add(outcome.flaw == nil ? .complete : .broken, of: metrics, group: group)
        if let flaw = outcome.flaw, flaw != .timedOut { keepFailure(flaw, of: outcome, operation) }
        recorder.add(.missing, of: metrics, group: group, outcome.missing)
        recorder.add(.duplicated, of: metrics, group: group, outcome.duplicated)
        recorder.add(.reordered, of: metrics, group: group, outcome.reordered)
        recorder.add(.replayed, of: metrics, group: group, outcome.replayed)
        // Missing, duplicated and reordered count chunks, above; the other flaws count streams.
        switch outcome.flaw {
        case .timedOut: recorder.add(.timedOut, of: metrics, group: group)
        case .truncated: recorder.add(.truncated, of: metrics, group: group)
        case .mismatched: recorder.add(.mismatched, of: metrics, group: group)
        case .stalled: recorder.add(.stalled, of: metrics, group: group)
        case .missing, .duplicated, .reordered, nil: break
        }
    }
}

extension EventView {
    /// The hash of the value at a path, FNV-1a over its bytes, salted; of nothing where there is none.
    func hash(at paths: MessagePaths, salt: Int) -> UInt64 {
        let start = 0xcbf2_9ce4_8422_2325 ^ UInt64(truncatingIfNeeded: salt)
        guard let slice = paths.slice(in: self) else { return start }
        return hash(of: slice, from: start)
    }

    /// Continues a hash with the bytes of a value.
    func hash(of slice: JSONSlice, from start: UInt64) -> UInt64 {
        slice.range.reduce(start) { ($0 ^ UInt64(bytes[$1])) &* 0x100_0000_01b3 }
    }
}
