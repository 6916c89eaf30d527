import NIOCore

/// The text of `${text(n)}`: words that look like a language, made once for all clients.
///
/// A slice of one static text from a random place costs a copy and nothing else. Only letters, spaces, commas and full
/// stops are in it, so nothing needs escaping in JSON.
enum SampleWords {
    /// The longest text that a template may ask for.
    static let maximumCount = 1 << 20

    /// Appends so many bytes.
    static func append(_ count: Int, to buffer: inout ByteBuffer, _ random: inout ClientRandom) {
        text.withUnsafeBytes { text in
            var start = random.integer(from: 0, through: text.count - 1)
            // Start with a word.
            while start > 0, text[start - 1] != UInt8(ascii: " ") { start -= 1 }
            var left = count
            while left > 0 {
                let end = min(text.count, start + left)
                buffer.writeBytes(UnsafeRawBufferPointer(rebasing: text[start..<end]))
                left -= end - start
                start = 0
            }
        }
    }

    private static let text: [UInt8] = {
        let words = """
            lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore
            magna aliqua enim ad minim veniam quis nostrud exercitation ullamco laboris nisi aliquip ex ea commodo
            consequat duis aute irure in reprehenderit voluptate velit esse cillum fugiat nulla pariatur excepteur sint
            occaecat cupidatat non proident sunt culpa qui officia deserunt mollit anim id est laborum
            """
            .split { $0 == " " || $0 == "\n" }
        var random = ClientRandom(seed: 0, slot: 0, generation: 0, stream: 0)
        var text: [UInt8] = []
        while text.count < 1 << 15 {
            text.append(contentsOf: words[random.integer(from: 0, through: words.count - 1)].utf8)
            switch random.integer(from: 0, through: 15) {
            case 0: text.append(contentsOf: ". ".utf8)
            case 1, 2: text.append(contentsOf: ", ".utf8)
            default: text.append(UInt8(ascii: " "))
            }
        }
        return text
    }()
}
