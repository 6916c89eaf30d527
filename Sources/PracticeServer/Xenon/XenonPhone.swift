/// A phone of a node or of the hub itself, and the session on it.
struct XenonPhone {
    let udid: String
    let name: String
    let isIOS: Bool
    let host: String
    /// The socket of its node; nil for a phone of the hub.
    let node: SocketID?
    /// What the order of its events is checked within.
    let order: Int
    var session: XenonSession?

    init(of node: SocketID?, host: String, number: Int) {
        self.node = node
        self.host = host
        isIOS = number % 2 == 1
        name = isIOS ? "iPhone 15" : "Pixel 8"
        udid = "\(isIOS ? "ios" : "android")-\(node?.ordinal ?? 0)-\(number)"
        order = Int(truncatingIfNeeded: stableHash(udid))
    }

    /// How many phones a node has, and the hub.
    static let perNode = 2

    var platform: StaticString { isIOS ? "ios" : "android" }
    var version: StaticString { isIOS ? "17.4" : "14" }
}

/// A session on a phone.
struct XenonSession {
    let id: String
    let build: Int
    /// How many commands are still to come.
    var commands: Int
    /// Whether the network is captured.
    let isIntercepted: Bool
    /// The recording that runs, if one does.
    var recording: XenonRecording?
    /// The number of the next event after the one that it began with.
    var sequence = 0
}

/// A recording of a phone.
struct XenonRecording {
    let group: String
    let id: String
    /// Whether it will fail rather than stop.
    let fails: Bool
    let startedAt: Int64
}
