/// Which of a run's clients are recorded.
package struct RecordingSettings: Hashable, Sendable {
    /// So many clients that failed.
    package var failures: Int
    /// One that is recorded whatever becomes of it.
    package var whole: Whole?

    /// A client all of whose traffic is kept.
    package struct Whole: Hashable, Sendable {
        package var slot: Int
        /// Bytes of it; from there on only what came last is kept.
        package var limit: Int

        package init(slot: Int = 0, limit: Int = 16 << 20) {
            self.slot = slot
            self.limit = limit
        }
    }

    package init(failures: Int = 0, whole: Whole? = nil) {
        self.failures = failures
        self.whole = whole
    }
}
