import Testing

@testable import PracticeServer

/// Streams that clients send up to the echo server, byte by byte.
@Suite(.timeLimit(.minutes(1))) struct EchoUploadTests {
    private func talk(_ body: @escaping @Sendable (inout RawClient) async throws -> Void) async throws -> Truth {
        try await withServer {
            $0.system = "echo"
        } _: { server in
            try await RawClient.talk(to: server.port) { client in
                try await client.join()
                try await body(&client)
            }
        }
    }

    @Test("Chunks are acknowledged, and the end tells what came of them")
    func whole() async throws {
        let truth = try await talk { client in
            for index in 0..<3 {
                try await client.sendText(#"42\#(index)["chunk",{"stream":"s","index":\#(index),"text":"abcd"}]"#)
                #expect(try await client.text() == #"43\#(index)[{"ok":true}]"#)
            }
            try await client.sendText(#"42["end",{"stream":"s"}]"#)
            #expect(
                try await client.text() == #"42["assembled",{"stream":"s","chunks":3,"bytes":12,"missing":0}]"#
            )
        }
        #expect(truth.messages.received == ["chunk": 3, "end": 1])
        #expect(truth.messages.sent == ["assembled": 1])
    }

    @Test("What was left out shows in the end; streams of one client do not mix")
    func gaps() async throws {
        _ = try await talk { client in
            for (stream, index) in [("a", 0), ("b", 0), ("a", 4)] {
                try await client.sendText(#"42["chunk",{"stream":"\#(stream)","index":\#(index),"text":""}]"#)
            }
            try await client.sendText(#"42["end",{"stream":"a"}]"#)
            #expect(try await client.text() == #"42["assembled",{"stream":"a","chunks":2,"bytes":0,"missing":3}]"#)
            try await client.sendText(#"42["end",{"stream":"b"}]"#)
            #expect(try await client.text() == #"42["assembled",{"stream":"b","chunks":1,"bytes":0,"missing":0}]"#)
        }
    }

    @Test(
        "What is no chunk, or one stream too many, is turned down",
        arguments: [
            #""chunk",{"stream":"s","index":-1,"text":"a"}"#, #""chunk",{"stream":"s","index":0}"#,
            #""chunk",{"index":0,"text":"a"}"#, #""chunk",7"#, #""end",{"stream":"none"}"#, #""end""#,
        ]
    )
    func refused(event: String) async throws {
        _ = try await talk { client in
            try await client.sendText("427[\(event)]")
            #expect(try await client.text().hasPrefix(#"437[{"ok":false,"error":""#))
        }
    }

    @Test("A client may have sixteen streams open, and a seventeenth when one has ended")
    func limit() async throws {
        _ = try await talk { client in
            for stream in 0..<16 {
                try await client.sendText(#"421["chunk",{"stream":"s\#(stream)","index":0,"text":"a"}]"#)
                #expect(try await client.text() == #"431[{"ok":true}]"#)
            }
            try await client.sendText(#"422["chunk",{"stream":"more","index":0,"text":"a"}]"#)
            #expect(try await client.text() == #"432[{"ok":false,"error":"16 streams are open"}]"#)
            try await client.sendText(#"423["end",{"stream":"s3"}]"#)
            #expect(try await client.text().hasPrefix(#"42["assembled""#))
            #expect(try await client.text() == #"433[{"ok":true}]"#)
            try await client.sendText(#"424["chunk",{"stream":"more","index":0,"text":"a"}]"#)
            #expect(try await client.text() == #"434[{"ok":true}]"#)
        }
    }
}
