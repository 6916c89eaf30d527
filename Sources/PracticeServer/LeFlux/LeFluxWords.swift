/// What answers are made of, as it stands inside a JSON string.
///
/// Some words are longer in bytes than in characters, and some need escapes, so that a client that is careless with
/// either shows it.
enum LeFluxWords {
    static let words: [StaticString] = [
        "the", "price", "is", "shown", "on", "this", "page", "and", "includes", "delivery", "to", "your", "address",
        "we", "have", "it", "in", "stock", "order", "today", "arrives", "tomorrow", "café", "€19.90", "naïve", "größe",
        "\\\"special\\\"", "line\\nbreak", "back\\\\slash", "日本", "🙂", "let", "me", "look", "that", "up", "for", "you",
        "one", "moment", "please", "size", "colour", "warranty", "returns", "are", "free", "within", "thirty", "days",
    ]
}
