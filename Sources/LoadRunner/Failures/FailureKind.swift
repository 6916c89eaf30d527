/// What failed, as far as two failures are of one kind.
package struct FailureKind: Hashable, Sendable {
    /// The client's group.
    package var group: String
    /// As in `errors.KIND`; `stream.…` and `plan.…` where a stream or a task ended badly without an error.
    package var kind: String
    /// The step, as the trace words it: `await answer`.
    package var step: String
}

/// A place that a client has among those that are kept.
struct FailureReservation: Hashable, Sendable {
    var kind: FailureKind
    var admission: FailureSelection.Admission
}
