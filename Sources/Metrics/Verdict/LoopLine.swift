/// One action-plan loop that did not complete.
package struct LoopLine: Hashable, Sendable {
    /// The index of the client.
    package var client: Int
    /// The name of the `plan:` step.
    package var task: String
    /// How many plans came.
    package var plans: Int
    package var outcome: PlanOutcome
    /// The repeated sequence, such as `click_element#19 → type#12`; empty where none was found.
    package var cycle: String
    /// How many times it was repeated in full; 0 where none was found.
    package var repeats: Int
    /// From the cause to the end.
    package var seconds: Double
    /// The first plans and the last; only of tasks that ran away.
    package var steps: [LoopStep]

    package init(
        client: Int,
        task: String,
        plans: Int,
        outcome: PlanOutcome,
        cycle: String = "",
        repeats: Int = 0,
        seconds: Double,
        steps: [LoopStep] = []
    ) {
        self.client = client
        self.task = task
        self.plans = plans
        self.outcome = outcome
        self.cycle = cycle
        self.repeats = repeats
        self.seconds = seconds
        self.steps = steps
    }
}
