extension RunFile {
    /// The same with secrets taken out of its texts.
    ///
    /// Names of groups, phases and metrics, and the words of this format, stay as they are: they come from the scenario, stand
    /// in all other files, and a short secret that is the same word as one of them would leave a run that cannot be read.
    func redacted(by redactor: Redactor) -> RunFile {
        var run = self
        run.scenario = redactor.apply(scenario)
        run.description = description.map(redactor.apply)
        run.file = redactor.apply(file)
        run.text = redactor.apply(text)
        run.targets = targets.map(redactor.apply)
        run.options = options.map(redactor.apply)
        run.faults = faults.map { Fault(at: $0.at, text: redactor.apply($0.text)) }
        run.checks = checks.map(redactor.apply)
        run.machine.host = redactor.apply(machine.host)
        run.machine.system = redactor.apply(machine.system)
        run.versions = versions.mapValues(redactor.apply)
        run.parsedChecks = parsedChecks.map { checks in
            checks.map { check in
                var check = check
                check.text = redactor.apply(check.text)
                return check
            }
        }
        return run
    }
}
