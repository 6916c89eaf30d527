/// What becomes of a waiting step when the connection falls, if it does not just wait on.
enum LossRule: Hashable {
    /// It fails, whether the client recovers or not.
    case fail
    /// The flow goes back to this cause when the client has recovered.
    case retry(Instruction.Address)
}
