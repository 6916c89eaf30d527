/// Something that a test waits for, said once from wherever it is seen.
struct Signal: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    /// Says it; later calls do nothing.
    func give() { continuation.finish() }

    /// Returns when it was said.
    func wait() async { for await _ in stream {} }
}
