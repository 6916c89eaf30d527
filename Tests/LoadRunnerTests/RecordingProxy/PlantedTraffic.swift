import Foundation
import NIOCore
import Wire

@testable import LoadRunner

/// What is said with a secret in every place, by hand on both sides of the proxy.
enum PlantedTraffic {
    typealias Secret = @Sendable (_ place: String) -> String

    // MARK: The client

    static func talk(to bench: ProxyBench, _ secret: @escaping Secret) async throws {
        func ask(_ head: String, _ body: String = "", until end: String) async throws {
            let client = try await bench.connect()
            let length = body.isEmpty ? "" : "Content-Length: \(body.utf8.count)\r\n"
            client.send("\(head)\r\nHost: x\r\n\(length)\r\n\(body)")
            await client.until(text: end)
            client.close()
        }
        try await ask(
            """
            GET /start?a=1&token=\(secret("query")) HTTP/1.1\r
            Cookie: lang=en; sid=\(secret("cookie"))\r
            Authorization: Bearer \(secret("bearer"))\r
            X-Api-Key: \(secret("api-key"))
            """,
            until: "\r\n\r\n"
        )
        let json =
            #"{"user":{"password":"\#(secret("json"))"},"list":[{"inner":"{\"secret\":\"\#(secret("nested"))\"}"}]}"#
        try await ask("POST /login HTTP/1.1\r\nContent-Type: application/json", json, until: "}")
        try await ask("POST /form HTTP/1.1", "a=1&client_secret=\(secret("form"))&b=2", until: "done")
        try await ask("GET /reset/token/\(secret("path")) HTTP/1.1", until: "\r\n\r\n")
        let session = "/socket.io/?EIO=4&transport=polling"
        try await ask("GET \(session) HTTP/1.1", until: "}")
        let packets = [
            #"40{"token":"\#(secret("auth"))"}"#, #"42["login",{"list":[{"apiKey":"\#(secret("event"))"}]}]"#,
        ]
        try await ask("POST \(session)&sid=S1 HTTP/1.1", packets.joined(separator: "\u{1E}"), until: "ok")
        try await ask("GET \(session)&sid=S1&n=1 HTTP/1.1", until: "\u{1E}b")
        try await ask("GET \(session)&sid=S1&n=2 HTTP/1.1", until: "}")
        try await socket(bench, secret)
    }

    private static func socket(_ bench: ProxyBench, _ secret: Secret) async throws {
        let client = try await bench.connect()
        client.send(
            """
            GET /socket.io/?EIO=4&transport=websocket&sid=S1 HTTP/1.1\r
            Host: x\r
            Connection: Upgrade\r
            Upgrade: websocket\r
            Sec-WebSocket-Protocol: bearer, \(secret("subprotocol"))\r\n\r\n
            """
        )
        await client.until(text: "\r\n\r\n")
        let deep = #"42["x",{"a":"{\"b\":\"{\\\"secret\\\":\\\"\#(secret("deep"))\\\"}\"}"}]"#
        client.send(frame(1, Array(deep.utf8), isMasked: true))
        await client.until { $0.isClosed || $0.bytes.contains(0x88) }
        client.close()
    }

    // MARK: The server

    /// Answers what has come last.
    static func answer(_ end: SocketEnd, _ secret: Secret) {
        let text = end.seen.text
        guard text.contains("\r\n\r\n") else { return }
        func answer(_ status: String, _ headers: String = "", _ body: String = "") {
            end.send("HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)")
        }
        if text.contains("Upgrade: websocket") {
            if text.utf8.count == end.seen.bytes.count, text.hasSuffix("\r\n\r\n") {
                end.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
                return
            }
            let whole = Array(#"{"password":"\#(secret("frame"))"}"#.utf8)
            end.send(frame(2, whole, isMasked: false))
            end.send(frame(8, [3, 240] + Array("token=\(secret("reason"))".utf8), isMasked: false))
        } else if text.hasPrefix("GET /start") {
            let place = "http://ann:\(secret("userinfo"))@localhost:9/cb?access_token=\(secret("location"))"
            answer("302 Found", "Location: \(place)\r\nSet-Cookie: sid=\(secret("set-cookie")); Path=/\r\n")
        } else if text.hasPrefix("POST /login") {
            if text.hasSuffix("}]}") { answer("200 OK", "", #"{"token":"\#(secret("answer"))"}"#) }
        } else if text.hasPrefix("POST /form") {
            if text.hasSuffix("b=2") { answer("200 OK", "", "pwd=\(secret("text")) done") }
        } else if text.hasPrefix("GET /reset") {
            answer("204 No Content")
        } else if text.contains("&n=1") {
            let binary = Data(#"{"password":"\#(secret("binary"))"}"#.utf8).base64EncodedString()
            let event = #"42["welcome",{"jwt":"\#(secret("polled"))"}]"#
            answer("200 OK", "", "\(event)\u{1E}b\(binary)")
        } else if text.contains("&n=2") {
            answer("403 Forbidden", "", #"{"message":"no","password":"\#(secret("error"))"}"#)
        } else if text.hasPrefix("POST /socket.io") {
            if text.hasSuffix("}]}]") { answer("200 OK", "", "ok") }
        } else {
            let open = #"0{"sid":"S1","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000}"#
            answer("200 OK", "", open)
        }
    }

    /// A frame of a WebSocket of up to 65,535 bytes.
    private static func frame(_ opcode: UInt8, _ payload: [UInt8], isMasked: Bool) -> [UInt8] {
        let mask: UInt8 = isMasked ? 0x80 : 0
        var frame: [UInt8] = [0x80 | opcode]
        if payload.count < 126 {
            frame.append(mask | UInt8(payload.count))
        } else {
            frame += [mask | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        }
        // A mask of zeros leaves the bytes as they are.
        return frame + (isMasked ? [0, 0, 0, 0] : []) + payload
    }

    // MARK: A HAR file

    /// The same as a browser would have saved it.
    static func archive(_ secret: Secret) -> String {
        func quoted(_ text: String) -> String {
            var buffer = ByteBuffer()
            JSONWriter.writeString(text, to: &buffer)
            return String(buffer: buffer)
        }
        let json =
            #"{"user":{"password":"\#(secret("json"))"},"list":[{"inner":"{\"secret\":\"\#(secret("nested"))\"}"}]}"#
        let answer = #"{"token":"\#(secret("answer"))"}"#
        let deep = #"42["x",{"a":"{\"b\":\"{\\\"secret\\\":\\\"\#(secret("deep"))\\\"}\"}"}]"#
        let messages = [
            #"40{"token":"\#(secret("auth"))"}"#, #"42["login",{"list":[{"apiKey":"\#(secret("event"))"}]}]"#, deep,
        ]
        let headers = """
            {"name":"Cookie","value":"lang=en; sid=\(secret("cookie"))"},
            {"name":"Authorization","value":"Bearer \(secret("bearer"))"},{"name":"X-Api-Key","value":"\(secret("api-key"))"}
            """
        return """
            {"log":{"entries":[
            {"startedDateTime":"2026-01-31T09:05:00.000Z","time":5,"_resourceType":"fetch",
             "request":{"method":"POST","url":"http://a.example/reset/token/\(secret("path"))","headers":[\(headers)],
              "postData":{"mimeType":"application/json","text":\(quoted(json))}},
             "response":{"status":200,"headers":[],"content":{"size":9,"mimeType":"application/json","text":\(quoted(answer))}}},
            {"startedDateTime":"2026-01-31T09:05:01.000Z","time":5,"_resourceType":"websocket",
             "request":{"method":"GET","url":"ws://a.example/socket.io/?EIO=4&transport=websocket&token=\(secret("query"))","headers":[]},
             "response":{"status":101,"headers":[]},"_webSocketMessages":[
             \(messages.map { #"{"type":"send","time":1769850302,"opcode":1,"data":\#(quoted($0))}"# }.joined(separator: ","))]}
            ]}}
            """
    }
}
