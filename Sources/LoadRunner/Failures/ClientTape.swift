import NIOCore
import Scenarios
import Wire

/// What one client and its server said to each other: the start, and the last of it.
///
/// Taken down as it happens, for a client that may fail, in bytes: what it means is read only where it has failed. Most
/// clients do not, so that a message costs a copy of its bytes and nothing else. The memory comes with the first message,
/// `TapeStart` first and `TapeRing` when that is full, and goes when nobody needs the tape any more.
final class ClientTape {
    /// Bytes of the start.
    static let startLimit = 4 * 1024
    /// Bytes of what came last.
    static let endLimit = 16 * 1024
    /// Bytes of the body of a request, or its answer.
    static let bodyLimit = 4 * 1024

    let beganAt: NIODeadline
    /// Nobody has taken it, and somebody still wants it.
    private(set) var isRecording = true
    /// The failure that it is kept for, between the failing and the end of what follows from it at once.
    var reservation: FailureReservation?

    private var start: TapeStart
    private var end = TapeRing(capacity: endLimit)
    /// What is no message, in the order of their places in the start, and in the end.
    private var startEntries: [RecordingEntry] = []
    private var endEntries: [RecordingEntry] = []
    /// How many entries of the end have fallen out, and the last opening among them.
    private var fallenEntries = 0
    private var fallenOpening: RecordingEntry?
    private var lastTime: Int64 = 0

    // Of +Connections.
    /// How many connections there were.
    var connection: UInt16 = 0
    /// How the connection that is open was opened last; nil while none is.
    var open: RecordedTransport?
    /// The connection has its opening on the tape.
    var isAnswered = false
    /// A handshake that has no answer yet.
    var pendingOpening: RecordedOpening?
    /// A request beside the socket that has none, and when it was sent.
    var pendingRequest: (exchange: RecordedExchange, began: NIODeadline)?

    /// - Parameter startLimit: Bytes of the start.
    init(at now: NIODeadline, startLimit: Int = startLimit) {
        beganAt = now
        start = TapeStart(limit: startLimit)
    }

    // MARK: Messages

    /// Takes down a message of the client's.
    func sent(_ bytes: UnsafeRawBufferPointer, _ kind: TapeRecord.Kind = []) {
        append(bytes, kind.union(.out), at: .now())
    }

    /// Takes down a message of the server's.
    func received(_ bytes: UnsafeRawBufferPointer, _ kind: TapeRecord.Kind = [], at time: NIODeadline) {
        append(bytes, kind, at: time)
    }

    private func append(_ bytes: UnsafeRawBufferPointer, _ kind: TapeRecord.Kind, at time: NIODeadline) {
        guard isRecording else { return }
        let record = TapeRecord(kind, size: bytes.count, connection: connection, time: inOrder(time))
        if start.isFull || !start.append(record, bytes) {
            end.append(record, bytes)
            if end.fallen.entries != fallenEntries { dropFallenEntries() }
        }
    }

    // MARK: Entries

    /// Takes down what is no message.
    ///
    /// - Parameter since: When it began, for a request; nil: now.
    func append(_ content: RecordingEntry.Content, at now: NIODeadline, since: NIODeadline? = nil) {
        guard isRecording else { return }
        let time = since.map { nanoseconds($0) } ?? inOrder(now)
        var number = connection
        if case .http = content { number = 0 }
        let record = TapeRecord(.entry, size: content.weight, connection: number, time: time)
        let entry = RecordingEntry(time: .nanoseconds(time), connection: Int(number), content: content)
        if start.append(record, nil) {
            startEntries.append(entry)
        } else {
            endEntries.append(entry)
            end.append(record, nil)
            if end.fallen.entries != fallenEntries { dropFallenEntries() }
        }
    }

    private func dropFallenEntries() {
        let count = min(end.fallen.entries - fallenEntries, endEntries.count)
        fallenOpening = endEntries.prefix(count).last { $0.content.isOpening } ?? fallenOpening
        endEntries.removeFirst(count)
        fallenEntries = end.fallen.entries
    }

    /// Messages of one read have its time, also behind what was sent between them: none goes back.
    private func inOrder(_ time: NIODeadline) -> Int64 {
        lastTime = max(lastTime, nanoseconds(time))
        return lastTime
    }

    private func nanoseconds(_ time: NIODeadline) -> Int64 {
        max(0, (time - beganAt).nanoseconds)
    }

    // MARK: End

    /// What it has; nothing is taken down any more.
    func take() -> TapeContent {
        defer { release() }
        giveUpRequest()
        return TapeContent(
            start: start.copy(),
            startEntries: startEntries,
            end: end.copy(),
            endEntries: endEntries,
            fallen: end.fallen,
            fallenOpening: fallenOpening
        )
    }

    /// Gives the memory back; nothing is taken down any more.
    func release() {
        guard isRecording else { return }
        isRecording = false
        start.release()
        end.release()
        startEntries = []
        endEntries = []
        fallenOpening = nil
        pendingOpening = nil
        pendingRequest = nil
    }
}

/// What was on a tape.
struct TapeContent: Sendable {
    var start: [UInt8] = []
    var startEntries: [RecordingEntry] = []
    var end: [UInt8] = []
    var endEntries: [RecordingEntry] = []
    /// What is left out between the two.
    var fallen = TapeRing.Fallen()
    /// How the connection was opened whose messages the end begins with, where that has fallen out.
    var fallenOpening: RecordingEntry?
}

extension RecordingEntry.Content {
    var isOpening: Bool { if case .open = self { true } else { false } }

    /// About so many bytes, for a tape's sizes.
    var weight: Int {
        func weight(_ headers: [RecordedHeader]) -> Int {
            headers.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count }
        }
        func weight(_ body: RecordedBody?) -> Int { body?.bytes.readableBytes ?? 0 }
        return switch self {
        case .open(let opening):
            opening.url.utf8.count + opening.path.utf8.count + weight(opening.requestHeaders)
                + weight(opening.responseHeaders)
        case .close(let closing): closing.reason.utf8.count
        case .error(let sentence): sentence.utf8.count
        case .http(let exchange):
            exchange.url.utf8.count + weight(exchange.requestHeaders) + weight(exchange.responseHeaders)
                + weight(exchange.requestBody) + weight(exchange.responseBody)
        case .out(let message), .in(let message): weight(message.body)
        }
    }
}
