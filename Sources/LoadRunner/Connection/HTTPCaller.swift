import NIOCore
import NIOHTTP1

/// Who sends a request and wants to know what became of it.
///
/// Hears of each request exactly once, on the worker's event loop, unless it cancels the exchange. A caller with several
/// requests under way has an object of its own for each, so that it knows which one was answered.
protocol HTTPCaller: AnyObject {
    /// The answer is there, whole.
    func responded(_ head: HTTPResponseHead, _ body: ByteBuffer, at now: NIODeadline)
    /// There will be no answer.
    ///
    /// - Parameters:
    ///   - kind: One of the kinds of `errors.KIND`.
    ///   - example: What happened, in a sentence.
    func requestFailed(_ kind: String, _ example: String, at now: NIODeadline)
}
