/// The faults of the run's clock in a run that did not come to its end: what was planned, and whom it hit.
struct RebuiltFaults {
    let marks: [FaultMark]

    /// - Parameter end: In seconds of the run; later faults did not come.
    init(_ stored: StoredRun, until end: Double) {
        let planned = stored.run.faults.filter { $0.at < end }
        var clients: [Int: Int] = [:]
        for point in stored.timeline["all", "fault"] { clients[point.second] = point.count }
        marks = planned.map { fault in
            let second = Int(max(0, min(fault.at, 1e9)))
            // The timeline adds up those that begin in the same second.
            let isAlone = planned.count { Int(max(0, min($0.at, 1e9))) == second } == 1
            return FaultMark(
                kind: FaultMark.Kind(rawValue: String(fault.text.prefix { $0 != " " })) ?? .run,
                text: fault.text,
                place: "",
                begin: fault.at,
                clients: isAlone ? clients[second] ?? 0 : 0
            )
        }
    }
}
