/// EVENT of the language: which received messages a step is about.
package struct EventMatch: Sendable {
    /// Any of these.
    package var patterns: [Pattern]

    /// One event's name, with a condition on its content.
    package struct Pattern: Sendable {
        package var event: EventID
        package var condition: MessageCondition?
    }
}
