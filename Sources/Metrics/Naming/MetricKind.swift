/// What a metric's values are.
package enum MetricKind: String, Sendable {
    /// A distribution of times, kept in microseconds.
    case time
    /// A distribution of plain numbers or of bytes.
    case size
    /// A number of things that happened.
    case count
    /// A part of a whole, between 0 and 1.
    case ratio
    /// One number of bytes.
    case bytes
    /// One time, kept in microseconds; it has no percentiles.
    case duration
}

/// What the numbers of a distribution count.
package enum MetricUnit: String, Sendable {
    /// Microseconds inside, milliseconds in every output.
    case milliseconds = "ms"
    case count
    case bytes
}
