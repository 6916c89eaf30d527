extension Worker {
    /// Whether some fault of the run may stall the client.
    func mayStall(slot: Int, generation: Int, group: Int) -> Bool {
        false
    }
}
