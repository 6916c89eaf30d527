import Scenarios

extension ClientGroup {
    /// Calls the closure with every step, those inside others and those of handlers included.
    func forEachStep(_ body: (Step) -> Void) {
        func visit(_ steps: [Step]) {
            for step in steps {
                body(step)
                switch step.action {
                case .plan(let plan): visit(plan.reply)
                case .repeat(let loop): visit(loop.flow)
                case .when(let when):
                    visit(when.flow)
                    visit(when.otherwise)
                case .choose(let choices): for choice in choices { visit(choice.flow) }
                default: break
                }
            }
        }
        visit(flow)
        for handler in handlers { visit(handler.steps) }
    }
}
