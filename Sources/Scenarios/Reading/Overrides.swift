/// What the command line says instead of the scenario file.
package struct Overrides: Hashable, Sendable {
    /// Replaces the target's URL in every group.
    package var target: String?
    /// The peak that the load is scaled to.
    package var clients: Int?
    /// The total length that the phases are scaled to.
    package var duration: Duration?

    package init(target: String? = nil, clients: Int? = nil, duration: Duration? = nil) {
        self.target = target
        self.clients = clients
        self.duration = duration
    }
}
