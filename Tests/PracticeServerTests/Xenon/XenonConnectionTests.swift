import NIOCore
import Testing
import Wire

@testable import PracticeServer

typealias XenonDriver = DialectDriver<XenonDialect<XenonDocument>>
typealias XenonCurrentDriver = DialectDriver<XenonDialect<XenonCurrent>>

@Suite struct XenonConnectionTests {
    private static let dashboard = #"{"apiKey":"practice-key"}"#
    private static let node = #"{"nodeSecret":"practice-secret"}"#

    @Test(
        "Credentials are taken from the payload or a header, and decide about the role",
        arguments: [
            (dashboard, [], "dashboard"), (nil, [("X-Xenon-Api-Key", "practice-key")], "dashboard"),
            (nil, [("Cookie", "a=b; xenon_dashboard_session=practice-key")], "dashboard"), (node, [], "node"),
            (nil, [("x-xenon-node-secret", "practice-secret")], "node"),
            (#"{"apiKey":"practice-key","nodeSecret":"practice-secret"}"#, [], "node"),
        ] as [(String?, [(String, String)], String)]
    )
    func credentials(auth: String?, headers: [(String, String)], role: String) throws {
        var driver = XenonDriver()
        let socket = try driver.connect(auth, headers: headers)
        let other = role == "node" ? "register_dashboard" : "register_node"
        #expect(try driver.send("register_\(role)", #"{"host":"h"}"#, from: socket) == .accepted)
        #expect(!driver.isClosed(socket))
        #expect(try driver.send(other, #"{"host":"h"}"#, from: socket) == .rejected("wrong role"))
        #expect(driver.isClosed(socket))
    }

    @Test(
        "Missing and wrong credentials are refused alike",
        arguments: [
            (nil, []), ("{}", []), (#"{"apiKey":"wrong"}"#, []), (#"{"apiKey":7}"#, []),
            (#"{"nodeSecret":"practice-key"}"#, []), (#"{"apiKey":"practice-secret"}"#, []),
            (#"{"apiKey":"practice-key","nodeSecret":"wrong"}"#, []), (nil, [("x-xenon-api-key", "")]),
            (nil, [("Cookie", "xenon_dashboard_session=made-up")]), (nil, [("Cookie", "session=practice-key")]),
            (#"{"bearer":"x"}"#, []), (#"{"accessKey":"practice-access","token":"practice-token"}"#, []),
        ] as [(String?, [(String, String)])]
    )
    func refusals(auth: String?, headers: [(String, String)]) throws {
        var driver = XenonDriver()
        #expect(try driver.join(auth, headers: headers).refusal == "unauthorized")
    }

    @Test("Without authentication everybody is let in, and may register as either, for one of them")
    func disabled() throws {
        var driver = XenonDriver([.authentication(false)])
        let node = try driver.connect()
        let dashboard = try driver.connect(#"{"apiKey":"wrong"}"#)
        try driver.send("register_dashboard", from: dashboard)
        try driver.send("register_node", #"{"host":"n1"}"#, from: node)
        try driver.send("register_dashboard", from: node)
        try driver.send("register_node", #"{"host":"n2"}"#, from: dashboard)
        driver.pass(.seconds(1))
        #expect(driver.names(node).isEmpty)
        #expect(driver.events(dashboard, "node_connected").map { $0["host"] } == [.string("n1")])
        #expect(!driver.events(dashboard, "session_started").isEmpty)
        #expect(driver.closed.isEmpty)
    }

    @Test("A login gives a cookie that is let in, and a wrong key gives none")
    func login() throws {
        var driver = XenonDriver()
        let path = "/xenon/api/auth/dashboard-session"
        #expect(driver.request("POST", path).status == 401)
        #expect(driver.request("POST", path, #"{"apiKey":"wrong"}"#).status == 401)
        for answer in [
            driver.request("POST", path, #"{"apiKey":"practice-key"}"#),
            driver.request("POST", path, headers: [("X-Xenon-Api-Key", "practice-key")]),
        ] {
            #expect(answer.status == 200)
            let cookie = try #require(answer.headers.first { $0.name == "Set-Cookie" }?.value)
            let pair = String(cookie.prefix { $0 != ";" })
            #expect(try driver.join(headers: [("Cookie", pair)]).refusal == nil)
            #expect(try driver.join(headers: [("Cookie", pair + "0")]).refusal == "unauthorized")
        }
    }

    @Test("The current server takes bearer tokens, pairs of keys, and the cookie of its own login")
    func current() throws {
        var driver = XenonCurrentDriver()
        #expect(try driver.join(Self.dashboard).refusal == "unauthorized")
        #expect(try driver.join(Self.node).refusal == "unauthorized")
        let pair = [("x-xenon-access-key", "practice-access"), ("x-xenon-token", "practice-token")]
        let node = try driver.connect(headers: pair)
        #expect(try driver.send("register_node", #"{"host":"n"}"#, from: node) == .accepted)
        #expect(try driver.join(#"{"accessKey":"practice-access","token":"practice-token"}"#).refusal == nil)
        #expect(try driver.join(#"{"accessKey":"practice-access","token":"wrong"}"#).refusal == "unauthorized")
        #expect(try driver.join(#"{"bearer":"wrong"}"#).refusal == "unauthorized")

        let path = "/xenon/api/auth/token"
        #expect(driver.request("POST", path, #"{"audience":"xenon-rest"}"#).status == 401)
        #expect(driver.request("POST", path, #"{"audience":"other"}"#, headers: pair).status == 400)
        let answer = driver.request("POST", path, #"{"audience":"xenon-rest"}"#, headers: pair)
        let token = try #require(answer.body["token"]?.text)
        let dashboard = try driver.connect(#"{"bearer":"\#(token)"}"#)
        #expect(try driver.send("register_dashboard", from: dashboard) == .accepted)

        let login = "/xenon/api/auth/login"
        #expect(driver.request("POST", login, #"{"email":"a","password":"b"}"#).status == 401)
        let good = #"{"email":"admin@practice.example","password":"practice-password"}"#
        let cookie = try #require(driver.request("POST", login, good).headers.first?.value.prefix { $0 != ";" })
        #expect(try driver.join(headers: [("Cookie", String(cookie))]).refusal == nil)
        // A session id is no bearer token.
        let session = cookie.split(separator: "=")[1]
        #expect(try driver.join(#"{"bearer":"\#(session)"}"#).refusal == "unauthorized")
    }

    @Test(
        "A handshake with another version ends in a disconnect",
        arguments: [
            (#"{"version":"1.0.0","host":"h","timestamp":1}"#, false), (#"{"version":"1.0.1"}"#, true), ("{}", true),
            (#"{"version":1}"#, true), ("", true),
        ]
    )
    func handshake(payload: String, isClosed: Bool) throws {
        var driver = XenonDriver()
        let socket = try driver.connect(Self.dashboard)
        try driver.send("handshake", payload, from: socket)
        #expect(driver.isClosed(socket) == isClosed)
        #expect(driver.names(socket).isEmpty)
    }

    @Test("Nodes are announced to dashboards when they register, again when they do it again, and when they go")
    func nodes() throws {
        var driver = XenonDriver()
        let early = try driver.connect(Self.node)
        try driver.send("register_node", #"{"host":"early"}"#, from: early)
        let dashboard = try driver.connect(Self.dashboard)
        let silent = try driver.connect(Self.dashboard)
        try driver.send("register_dashboard", from: dashboard)
        #expect(driver.names(dashboard).isEmpty)
        let node = try driver.connect(Self.node)
        #expect(try driver.send("register_node", "{}", from: node) == .rejected("host is missing"))
        try driver.send("register_node", #"{"host":"late"}"#, from: node)
        try driver.send("register_node", #"{"host":"late"}"#, from: node)
        driver.disconnect(node)
        driver.disconnect(try driver.connect(Self.node))
        #expect(driver.names(dashboard) == ["node_connected", "node_connected", "node_disconnected"])
        #expect(driver.events(dashboard).map { $0.payload["sequence"]?.number } == [0, 1, 2])
        #expect(driver.events(dashboard).allSatisfy { $0.payload["order"] == .string("node:late") })
        #expect(driver.names(silent).isEmpty && driver.names(early).isEmpty)
    }

    @Test("An event that the server does not know is answered by nothing")
    func unknown() throws {
        var driver = XenonDriver()
        let socket = try driver.connect(Self.dashboard)
        #expect(try driver.send("hello", "{}", from: socket) == .rejected("unknown event"))
        #expect(driver.names(socket).isEmpty && driver.closed.isEmpty)
    }
}
