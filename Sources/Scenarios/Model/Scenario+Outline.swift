extension Scenario {
    /// What would run, in words; values of environment variables never appear.
    package var outline: String { "" }
}
