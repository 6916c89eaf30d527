import NIOCore

// What is said beside the answer itself.
extension LeFluxDialect {
    func sendPlan(_ plan: LeFluxPlan, to socket: SocketID, output: inout DialectOutput) {
        var event = EventWriter(event: LeFluxEvent.actionPlan.name, capacity: 448)
        plan.write(to: &event)
        output.send(.actionPlan, &event, to: socket)
    }

    func sendExtra(_ extra: LeFluxScript.Extra, to socket: SocketID, output: inout DialectOutput) {
        switch extra {
        case .nothing:
            break
        case .message(let isQuestion):
            var event = EventWriter(event: LeFluxEvent.message.name)
            event.member("text", isQuestion ? "Shall I look for other sizes too?" : "Here is what I found.")
            if isQuestion { event.member("isQuestion", true) }
            output.send(.message, &event, to: socket)
        case .block:
            var event = EventWriter(event: LeFluxEvent.uiBlock.name)
            event.member("block_type", "product_card")
            event.beginObject("data")
            event.member("title", "Enamel mug")
            event.member("price", "€19.90")
            event.member("stock", 12)
            event.endObject()
            event.member("message", "This one fits.")
            output.send(.uiBlock, &event, to: socket)
        }
    }

    func sendConfirmation(to socket: SocketID, output: inout DialectOutput) {
        var event = EventWriter(event: LeFluxEvent.confirmationRequired.name)
        event.member("message", "Place the order for you?")
        event.member("confirm_label", "Order")
        event.member("cancel_label", "Cancel")
        output.send(.confirmationRequired, &event, to: socket)
    }

    /// What the visitor gets where no answer can be had.
    func sendError(to socket: SocketID, output: inout DialectOutput) {
        var event = EventWriter(event: LeFluxEvent.message.name)
        event.member("text", "Something went wrong on our side. Please ask again.")
        event.member("isError", true)
        output.send(.message, &event, to: socket)
    }

    func sendQuestion(to socket: SocketID, output: inout DialectOutput) {
        var event = EventWriter(event: LeFluxEvent.askUser.name)
        event.member("question", "Which size do you want?")
        event.beginArray("options")
        for size in ["S", "M", "L"] as [StaticString] { event.element(size) }
        event.endArray()
        output.send(.askUser, &event, to: socket)
    }

    func complete(
        to socket: SocketID,
        summary: StaticString,
        message: StaticString,
        output: inout DialectOutput
    ) {
        var event = EventWriter(event: LeFluxEvent.taskComplete.name)
        event.member("summary", summary)
        event.member("message", message)
        output.send(.taskComplete, &event, to: socket)
    }
}
