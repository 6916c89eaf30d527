extension Rooms {
    /// The names of the rooms, UUIDs that depend on the seed alone.
    package func names(seed: UInt64) -> [String] {
        (0..<count).map { index in
            var random = ClientRandom(seed: seed, slot: index, generation: 0, stream: 3)
            return UUIDText.make(&random)
        }
    }
}
