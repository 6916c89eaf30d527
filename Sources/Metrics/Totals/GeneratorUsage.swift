/// What the load generator itself used up, as the operating system says.
package struct GeneratorUsage: Sendable {
    /// User and system time of the process, in seconds.
    package var cpuSeconds: Double
    /// How long it ran, in seconds.
    package var wallSeconds: Double
    /// How many cores the process may use.
    package var cores: Int
    /// The part of one core that the busiest worker's thread used, 0 to 1; nil where it is not known.
    package var busiestThread: Double?
    /// The largest resident set, in bytes.
    package var memory: Int
    /// The most file descriptors that were open at once.
    package var descriptors: Int

    package init(
        cpuSeconds: Double,
        wallSeconds: Double,
        cores: Int,
        busiestThread: Double? = nil,
        memory: Int,
        descriptors: Int
    ) {
        self.cpuSeconds = cpuSeconds
        self.wallSeconds = wallSeconds
        self.cores = cores
        self.busiestThread = busiestThread
        self.memory = memory
        self.descriptors = descriptors
    }

    /// The part of all cores that was in use, 0 to 1.
    package var cpu: Double {
        let available = wallSeconds * Double(cores)
        return available > 0 ? cpuSeconds / available : 0
    }
}
