import ArgumentParser
import Scenarios

/// `reprise schema`
struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Prints the JSON Schema of scenario files, by which editors complete, explain and check them.",
        discussion: """
            Save it beside the scenarios, and begin each with a line that names it:

              reprise schema > scenario.schema.json
              # yaml-language-server: $schema=scenario.schema.json

            The schema says what may stand where. Whether names, templates and checks make sense says `reprise check`.
            """
    )

    func run() {
        Console.print(ScenarioSchema.text)
    }
}
