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
    case send(SendOperation)
    case acknowledge(AcknowledgeOperation)
    case http(HTTPOperation)
    case await(AwaitOperation)
    case stream(StreamOperation)
    case plan(PlanOperation)
    /// The reply to a plan is done: back to waiting for the next.
    case replyEnd
    case think(Delay)
    /// The client's think time before a send; no step of its own.
    case pause(Delay)
    case pace(PaceOperation)
    case wait(ConditionWaitOperation)
    case choose(ChooseOperation)
    /// Begins the loop: sets its counter to 0, or leaves it where there is nothing to repeat.
    case loop(LoopOperation)
    /// The end of a round: counts up and goes back to the address, or on.
    case again(LoopOperation, Address)
    case unless(ConditionOperation, Address)
    case jump(Address)
    case set(SetOperation)
    case count(CountOperation)
    case fail(FailOperation)
    /// The step before is done: the client is in a room, or out of it.
    case room(RoomOperation)
    case fanOut(FanOutOperation)
    case drop(DropKind)
    case stall(Stall)
    /// The end of the flow, or of a handler.
    case end
}
