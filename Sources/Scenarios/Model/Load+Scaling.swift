extension Load {
    /// How long all phases last together.
    package var duration: Duration {
        phases.reduce(.zero) { $0 + $1.duration }
    }

    /// The most clients there can be at once.
    ///
    /// An `arrivals:` phase without a limit counts as all the clients that it starts.
    package var peakClients: Int { 0 }

    /// The load with another peak or another length, its phases in proportion.
    package func scaled(peak: Int?, total: Duration?) -> Load { self }
}
