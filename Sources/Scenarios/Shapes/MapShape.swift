/// A map of the language: the keys that may stand in it.
///
/// The reader takes values out of a map by these keys and by nothing else, so it cannot know a key that is not here.
protocol MapShape: RawRepresentable<String>, CaseIterable, Hashable, Sendable where AllCases == [Self] {
    /// What the language has beside that and this version does not build yet.
    static var planned: [String] { get }
}

extension MapShape {
    static var planned: [String] { [] }
}

extension MapShape {
    /// The keys as the file writes them.
    static var names: [String] { allCases.map(\.rawValue) }
}
