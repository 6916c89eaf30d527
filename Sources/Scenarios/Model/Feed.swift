package import Wire

/// Rows of a data file, one for each client.
package struct Feed: Sendable {
    package enum Order: String, Hashable, Sendable, CaseIterable {
        /// Row by row, from the first again after the last.
        case sequential
        /// The same in an order drawn from the seed, another for each time through.
        case shuffle
        /// Row by row; a client for which none is left fails.
        case unique
    }

    package var name: String
    package var columns: [String]
    /// Each has one value per column.
    package var rows: [[JSONValue]]
    package var order: Order
}
