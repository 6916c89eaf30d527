import Wire

/// An action-plan loop that was found in a conversation.
struct FoundPlan: Hashable {
    /// One plan, and what the client sent to it.
    struct Round: Hashable {
        var plan: Int
        var replies: [Int]
    }

    var event: String
    /// Where the list of actions is.
    var actions: [String]
    var rounds: [Round]
    /// The last plan where the client did not answer it any more.
    var unanswered: Int?
    /// The turn that ended the loop; nil where nothing did.
    var done: Int?
}
