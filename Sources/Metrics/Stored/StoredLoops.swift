import Foundation

/// loops.csv as it stands in a folder.
struct StoredLoops {
    let tally: LoopTally
    /// Rows that could not be read, and were left out.
    let damagedRows: Int

    /// - Throws: what the file system says where the file cannot be read.
    init(path: String) throws {
        var reader = CSVReader([UInt8](try Data(contentsOf: URL(filePath: path))), columns: 7)
        var tally = LoopTally()
        _ = reader.next()
        while let row = reader.next() {
            guard let client = Int(row[0]), let plans = Int(row[2]),
                let outcome = PlanOutcome.allCases.first(where: { $0.name == row[3] }), let repeats = Int(row[5]),
                let seconds = Double(row[6]), seconds.isFinite
            else {
                reader.reject()
                continue
            }
            tally.add(
                LoopLine(
                    client: client,
                    task: row[1],
                    plans: plans,
                    outcome: outcome,
                    cycle: row[4],
                    repeats: repeats,
                    seconds: seconds
                )
            )
        }
        self.tally = tally
        damagedRows = reader.damagedRows
    }
}
