/// Connections that fell and came back, and the pressure of those who read or took slowly.
struct ConnectionSection {
    let figures: ReportFigures

    var reconnects: ReportSection { ReportSection(id: "reconnects", title: "Reconnects", body: reconnectBody) }

    var backpressure: ReportSection { ReportSection(id: "backpressure", title: "Backpressure", body: pressureBody) }

    private var reconnectBody: HTMLText {
        guard figures.count("reconnect.lost") > 0 else { return "" }
        let rows = [
            ("until a cut was noticed", "reconnect.detect"), ("from there to an open socket", "reconnect.reopen"),
            ("from there to all of rejoin done", "reconnect.recover"), ("attempts until open", "reconnect.attempts"),
        ]
        return counts(
            "Connections",
            [
                "reconnect.lost", "reconnect.recovered", "reconnect.gave_up", "reconnect.restored",
                "reconnect.cut_streams",
                "reconnect.cut_tasks",
            ],
            always: 3
        ) + TimesTable("How clients came back", figures, rows).html
    }

    private var pressureBody: HTMLText {
        let names = ["stall.closed", "stall.silent", "send.dropped", "inbox.overflow"]
        let rows = [
            ("socket took nothing more", "send.blocked"), ("waited for the socket", "send.queued"),
            ("stall until the server cut off", "stall.cut_off"), ("until a stalled client caught up", "stall.drain"),
            ("what a stalled client found waiting", "stall.backlog"),
        ]
        let times = TimesTable("Backpressure", figures, rows).html
        return counts("Counts of backpressure", names, always: 0) + times
    }

    /// What was counted, in a row; those that are 0 only where the first `always` ones are asked for.
    private func counts(_ label: String, _ names: [String], always: Int) -> HTMLText {
        var table = HTMLTable(label, [.text("counter"), .number("count"), .text("means")])
        for (place, name) in names.enumerated() where place < always || figures.count(name) > 0 {
            let meaning = Catalogue.counts.first { $0.name == name }?.meaning ?? ""
            table.add([HTMLText.metric(name), ReportText.count(figures.count(name)), HTMLText(meaning)])
        }
        return table.isEmpty ? "" : table.html
    }
}
