/// Which names of fields a path of a scenario can say.
enum PathNames {
    /// Whether a path can be written: its names have no dots, brackets or blanks in them.
    static func canSay(_ path: [String]) -> Bool { path.allSatisfy(canSay) }

    static func canSay(_ name: String) -> Bool {
        !name.isEmpty
            && name.unicodeScalars.allSatisfy {
                $0 == "_" || $0 == "-" || $0 == "$" || ("0"..."9").contains($0) || ("a"..."z").contains($0)
                    || ("A"..."Z").contains($0)
            }
    }
}
