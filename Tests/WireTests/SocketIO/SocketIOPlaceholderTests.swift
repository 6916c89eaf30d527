import NIOCore
import Testing

@testable import Wire

@Suite("Socket.IO placeholders")
struct SocketIOPlaceholderTests {
    static func number(_ json: String) throws -> Int? {
        try withBytes(json) { bytes in
            let value = try JSONScanner.validate(bytes, range: 0..<bytes.count)
            return SocketIOPlaceholder.number(of: value, in: bytes)
        }
    }

    @Test("what is written is what the official encoder writes, and is read again", arguments: [0, 1, 63, .max])
    func written(number: Int) throws {
        var buffer = ByteBuffer()
        SocketIOPlaceholder.write(number, to: &buffer)
        #expect(String(buffer: buffer) == #"{"_placeholder":true,"num":\#(number)}"#)
        #expect(try Self.number(String(buffer: buffer)) == number)
    }

    @Test("order, blanks and more members do not matter")
    func lenient() throws {
        #expect(try Self.number(#" { "num" : 3.0 , "x": [], "_placeholder" : true } "#) == 3)
        #expect(try Self.number(#"{"_placeholder":false,"num":1,"_placeholder":true}"#) == 1)
    }

    @Test(
        "anything else is no placeholder",
        arguments: [
            "{}", "[]", "null", "1", #""_placeholder""#, #"{"_placeholder":true}"#, #"{"num":0}"#,
            #"{"_placeholder":"true","num":0}"#, #"{"_placeholder":false,"num":0}"#,
            #"{"_placeholder":1,"num":0}"#, #"{"_placeholder":true,"num":"0"}"#,
            #"{"_placeholder":true,"num":-1}"#, #"{"_placeholder":true,"num":0.5}"#,
            #"{"_placeholder":true,"num":1e99}"#, #"{"_placeholder":true,"num":null}"#,
            #"[{"_placeholder":true,"num":0}]"#,
        ]
    )
    func none(json: String) throws {
        #expect(try Self.number(json) == nil)
    }
}
