import Wire

/// A chunked reply that was found in a conversation.
struct FoundStream: Hashable {
    /// What all streams of one kind have in common.
    struct Form: Hashable {
        var name: String
        var chunk: String
        var done: String
        /// A field that is true in the last chunk, where the end is a chunk too.
        var flag: [String]?
        var key: [String]?
        var index: [String]?
        var text: [String]?
        var final: [String]?
    }

    var form: Form
    /// The turns of its chunks, and of its end where that is no chunk.
    var chunks: [Int]
    var done: Int
}
