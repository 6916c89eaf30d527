/// The faults that happened, as many as are listed.
struct FaultLog: Sendable {
    private(set) var faults: [InjectedFault] = []
    private(set) var notListed = 0
    private let limit: Int

    init(limit: Int = Truth.listedFaults) {
        self.limit = limit
    }

    mutating func note(_ fault: InjectedFault) {
        if faults.count < limit {
            faults.append(fault)
        } else {
            notListed += 1
        }
    }
}
