/// One plan of an action-plan loop.
package struct LoopStep: Hashable, Sendable {
    /// Its place among the plans of the task, from 1.
    package var number: Int
    /// From the cause of the task.
    package var seconds: Double
    /// What the plan asked for, such as `click_element#19`.
    package var label: String

    package init(number: Int, seconds: Double, label: String) {
        self.number = number
        self.seconds = seconds
        self.label = label
    }
}
