import Testing
import Wire

@testable import PracticeServer

typealias ElizaOSDriver = DialectDriver<ElizaOSDialect<ElizaOSDocument>>
typealias ElizaOSCurrentDriver = DialectDriver<ElizaOSDialect<ElizaOSCurrent>>

/// The ids that the tests use.
enum ElizaOSIDs {
    static let channel = "11111111-2222-4333-8444-555555555555"
    static let otherChannel = "11111111-2222-4333-8444-666666666666"
    static let server = "00000000-0000-0000-0000-000000000000"

    static func user(_ number: Int) -> String {
        "aaaaaaaa-0000-4000-8000-" + String(String(1_000_000_000_000 + number).dropFirst())
    }

    /// The CONNECT payload of the current server's clients.
    static func auth(_ number: Int) -> String {
        #"{"entityId":"\#(user(number))","apiKey":"practice-key"}"#
    }
}

extension DialectDriver where D == ElizaOSDialect<ElizaOSDocument> {
    /// Connects this many users and joins them to the channel.
    mutating func room(_ count: Int) throws -> [SocketID] {
        try (0..<count).map { number in
            let socket = try connect()
            try send(
                "message",
                #"{"type":0,"payload":{"channelId":"\#(ElizaOSIDs.channel)","entityId":"\#(ElizaOSIDs.user(number))"}}"#,
                from: socket
            )
            return socket
        }
    }

    @discardableResult
    mutating func say(
        _ text: String,
        _ number: Int,
        id: String = "m1",
        channel: String = ElizaOSIDs.channel,
        from socket: SocketID
    ) throws -> EventReply {
        let payload =
            #"{"senderId":"\#(ElizaOSIDs.user(number))","senderName":"User \#(number)","message":"\#(text)","#
            + #""channelId":"\#(channel)","serverId":"\#(ElizaOSIDs.server)","messageId":"\#(id)","source":"web_client","#
            + #""attachments":[],"metadata":{"isDm":false}}"#
        return try send("message", #"{"type":1,"payload":\#(payload)}"#, from: socket)
    }
}

extension DialectDriver where D == ElizaOSDialect<ElizaOSCurrent> {
    mutating func room(_ count: Int, from first: Int = 0) throws -> [SocketID] {
        try (first..<first + count).map { number in
            let socket = try connect(ElizaOSIDs.auth(number))
            try send("message", #"{"type":1,"payload":{"channelId":"\#(ElizaOSIDs.channel)"}}"#, from: socket)
            return socket
        }
    }

    @discardableResult
    mutating func say(_ text: String, _ number: Int, id: String = "m1", from socket: SocketID) throws -> EventReply {
        let payload =
            #"{"senderId":"\#(ElizaOSIDs.user(number))","senderName":"User \#(number)","message":"\#(text)","#
            + #""channelId":"\#(ElizaOSIDs.channel)","messageServerId":"\#(ElizaOSIDs.server)","messageId":"\#(id)"}"#
        return try send("2", payload, from: socket)
    }
}
