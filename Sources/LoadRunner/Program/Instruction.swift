import Scenarios

/// One step of a flow as the interpreter runs it: branches and loops are jumps.
///
/// What a step needs is held in objects that belong to one worker, so that running a step touches no reference count
/// that another thread touches too.
enum Instruction {
    /// A place in `Program.code`.
    typealias Address = Int

    case connect
    case disconnect
    case emit(EmitOperation)
    case http(HTTPOperation)
    case await(AwaitOperation)
    case stream(StreamOperation)
    case plan(PlanOperation)
    /// The reply to a plan is done: back to waiting for the next.
    case replyEnd
    case think(DelayRange)
    /// The client's think time before a send; no step of its own.
    case pause(DelayRange)
    /// Sets the loop's counter to 0, or leaves for the address where there is nothing to repeat.
    case loop(LoopOperation)
    /// Counts up and goes back to the address, or on.
    case again(LoopOperation, Address)
    case unless(ConditionOperation, Address)
    case jump(Address)
    case set(SetOperation)
    case count(CountOperation)
    case fail(FailOperation)
    /// The end of the flow, or of a handler.
    case end
}
