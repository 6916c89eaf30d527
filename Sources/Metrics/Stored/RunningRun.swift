import Foundation

/// Whether a run goes on still, by what stands in its folder.
///
/// A run has no summary before its end and writes its timeline every second. So one whose timeline was changed just now is looked
/// at until it changes again, or has not for so long that nobody can be writing it.
package struct RunningRun {
    private let directory: String
    private let patience: Duration

    /// - Parameter patience: How long a run may write nothing; a second may come late on a machine that is busy.
    package init(directory: String, patience: Duration = .milliseconds(2500)) {
        self.directory = directory
        self.patience = patience
    }

    /// Waits until it is known, for the patience at the most.
    package var goesOn: Bool {
        guard !FileManager.default.fileExists(atPath: directory + "/summary.json"), let first = state else {
            return false
        }
        let age = Date().timeIntervalSince(first.changed)
        // A clock that was set back says nothing of the age.
        let left = patience - .seconds(max(0, min(age, 1e6)))
        let clock = ContinuousClock()
        let end = clock.now + left
        while clock.now < end {
            if state != first { return true }
            Thread.sleep(forTimeInterval: 0.05)
        }
        return state != first
    }

    private struct State: Equatable {
        let bytes: Int
        let changed: Date
    }

    /// Of the timeline; nil where there is none.
    private var state: State? {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: directory + "/timeline.csv"),
            let bytes = attributes[.size] as? Int, let changed = attributes[.modificationDate] as? Date
        else { return nil }
        return State(bytes: bytes, changed: changed)
    }
}
