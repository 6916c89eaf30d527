/// A scenario to start from: it runs as it is, and says at each place what to change.
///
/// The texts are part of the program, so that it can be copied anywhere.
struct Start: Sendable {
    /// The system's name, as `reprise init` takes it.
    var name: String
    /// What kind of server it is for.
    var summary: String
    var text: String

    /// All that there are. A new one is a file beside this one and a line here.
    static let all: [Start] = [leflux, socketIO, webSocket]
}
