import NIOCore

/// How often an address may ask in a minute.
struct RequestRates {
    enum Kind {
        case sessionInit, chat

        /// Requests per minute and address.
        var limit: Int {
            switch self {
            case .sessionInit: 10
            case .chat: 30
            }
        }
    }

    private struct Window {
        var start: NIODeadline
        var inits = 0
        var chats = 0
    }

    private var windows: [String: Window] = [:]
    /// How many addresses are remembered; beyond it all of them start again.
    private static let capacity = 10_000

    mutating func admits(_ kind: Kind, from address: String, at now: NIODeadline) -> Bool {
        if windows.count >= Self.capacity { windows.removeAll() }
        var window = windows[address] ?? Window(start: now)
        if now - window.start >= .minutes(1) { window = Window(start: now) }
        let asked: Int
        switch kind {
        case .sessionInit:
            window.inits += 1
            asked = window.inits
        case .chat:
            window.chats += 1
            asked = window.chats
        }
        windows[address] = window
        return asked <= kind.limit
    }
}
