package struct LoopRecord: Sendable { package init(client: String, task: String, plans: Int, outcome: PlanOutcome, cycle: String, repeats: Int, seconds: Double) {} }
