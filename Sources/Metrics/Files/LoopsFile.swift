/// loops.csv: a row per action-plan loop that did not complete.
struct LoopsFile {
    static let header = "client,task,plans,outcome,cycle,repeats,seconds\r\n"

    let redactor: Redactor

    func row(of loop: LoopLine) -> String {
        var row = CSVRow()
        row.add(loop.client)
        row.add(loop.task)
        row.add(loop.plans)
        row.add(loop.outcome.name)
        row.add(redactor.apply(loop.cycle))
        row.add(loop.repeats)
        row.add(loop.seconds)
        return row.terminated()
    }
}
