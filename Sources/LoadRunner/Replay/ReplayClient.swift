import Metrics
import NIOCore
import Scenarios
import Wire

/// One client of a replay: it plays all connections of the recording.
///
/// Each action waits for the arrival that came last before it in the recording, the n-th of its kind, and then for as long
/// as it did there. Where that does not come within five seconds of its time, the client goes on without it. `+Going` says
/// when, `+Actions` is what it does, `+Arrivals` what the server does.
final class ReplayClient: LoadedClient {
    /// That a point in time has not come.
    static let never = Int64.min

    let worker: Worker
    let replay: ReplayProgram
    let seat: Int
    let slot: Int
    let generation: Int
    let scheduled: NIODeadline
    var values: ClientValues
    var cookies = CookieJar()
    /// The connections by their numbers; nil: not opened yet, or over for good.
    var links: [ReplayLink?]
    /// The action that is to be done next.
    var next = 0
    /// Since when it is the next.
    var nextSince: NIODeadline
    /// When each action was due, and when it was done, in nanoseconds since the client's start.
    var due: [Int64]
    var done: [Int64]
    /// How many of each event have come, as `ReplayProgram.expected`.
    var counts: [UInt32]
    /// How many of an event had come when the client stopped waiting for one; by the place in `counts`.
    var givenUp: [Int: UInt32] = [:]
    /// Which arrivals have come.
    var hasCome: BitList
    /// How many have not come.
    var outstanding: Int
    /// The arrival that came last on each connection.
    var latest: [Int]
    /// The acknowledgements that the server waits for, by arrival.
    var questions: [Int: Question] = [:]
    var requests: [ReplayRequest] = []
    /// An action waits for its connection to be open, or to take more.
    var isHeldUp = false
    /// A connection fell, or did not come about, although it did in the recording.
    var hasFailed = false
    private(set) var isGone = false
    var isAdvancing = false

    init(
        worker: Worker,
        replay: ReplayProgram,
        seat: Int,
        slot: Int,
        generation: Int,
        scheduled: NIODeadline
    ) {
        self.worker = worker
        self.replay = replay
        self.seat = seat
        self.slot = slot
        self.generation = generation
        self.scheduled = scheduled
        nextSince = scheduled
        values = ClientValues(
            slotCount: replay.links.map(\.group.slotCount).max() ?? 0,
            random: ClientRandom(seed: worker.seed, slot: slot, generation: generation, stream: 0),
            clientIndex: slot
        )
        links = Array(repeating: nil, count: replay.links.count)
        due = Array(repeating: Self.never, count: replay.actions.count)
        done = due
        counts = Array(repeating: 0, count: replay.expected.count)
        hasCome = BitList(count: replay.arrivals.count)
        outstanding = replay.arrivals.count
        latest = Array(repeating: -1, count: replay.links.count)
    }

    var group: Int { groupNumber }
    var groupNumber: Int { replay.links.first?.number ?? 0 }
    var recorder: Recorder { worker.recorder }
    var metrics: FixedMetrics { worker.metrics }

    func start(at now: NIODeadline) {
        tellTime(now)
        for variable in replay.links.first?.group.variables ?? [] {
            values.variables[variable.slot] = variable.value.value(&values, event: nil)
        }
        for (number, action) in replay.actions.enumerated() {
            guard action.script.trigger == nil else { break }
            due[number] = action.pause.nanoseconds
        }
        advance(at: now)
    }

    func timerFired(_ timer: ClientTimer, at now: NIODeadline) {
        advance(at: now)
    }

    func leave(at now: NIODeadline) {
        end(as: .finished, at: now)
    }

    func cut(at now: NIODeadline) {
        end(as: .cut, at: now)
    }

    func endAfflictions(isCut: Bool, at now: NIODeadline) {}

    // MARK: Time

    func tellTime(_ now: NIODeadline) {
        values.epochMilliseconds = worker.epochMilliseconds(at: now)
    }

    /// Since the client's start.
    func nanoseconds(at time: NIODeadline) -> Int64 { (time - scheduled).nanoseconds }

    // MARK: End

    /// The recording is over: what has not come by now is missing.
    func finish(at now: NIODeadline) {
        for number in replay.arrivals.indices where !hasCome[number] {
            let arrival = replay.arrivals[number]
            let group = replay.links[arrival.script.link].number
            recorder.add(.missing, of: arrival.metrics, group: group)
            // A connect has failed when it did, unless it is still under way.
            if arrival.metrics.operation != metrics.connect || links[arrival.script.link]?.isConnecting == true {
                recorder.failed(arrival.metrics.operation, group: group)
            }
        }
        end(as: hasFailed ? .failed : .finished, at: now)
    }

    private func end(as ending: Ending, at now: NIODeadline) {
        guard !isGone else { return }
        isGone = true
        isHeldUp = false
        cancel(.step)
        for request in requests { request.cancel() }
        requests = []
        let links = links
        // They know the client, and it must not know them for ever.
        for number in links.indices { self.links[number] = nil }
        for link in links { link?.leave() }
        questions = [:]
        worker.ended(self, as: ending, failedToConnect: false, at: now)
    }
}
