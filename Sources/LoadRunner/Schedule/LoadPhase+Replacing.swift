import Scenarios

extension Load.Phase {
    /// Another client takes the place of one that comes to its end.
    var replaces: Bool {
        if case .clients = model { !once } else { false }
    }
}
