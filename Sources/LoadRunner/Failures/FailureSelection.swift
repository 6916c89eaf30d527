/// Which failures are kept: the first so many, and not only those of the most frequent kind.
///
/// Of one kind there are no more than half, rounded up, as soon as others come: until then it has all places, and gives
/// them up, the last one first.
struct FailureSelection {
    /// Where a failure is kept.
    struct Admission: Hashable, Sendable {
        /// From 0 up; the failure that was kept there goes.
        var place: Int
        /// Counts up, so that of two at one place it is known which is the later.
        var number: Int
    }

    private let count: Int
    private var places: [FailureKind] = []
    private var numbers: [FailureKind: Int] = [:]
    private var admitted = 0

    init(count: Int) {
        self.count = max(0, count)
    }

    private var share: Int { (count + 1) / 2 }

    /// Whether nothing that comes would be kept.
    var isOver: Bool { places.count == count && numbers.values.allSatisfy { $0 <= share } }

    /// Takes in a failure; nil where it is not to be kept.
    mutating func admit(_ kind: FailureKind) -> Admission? {
        let place: Int
        if places.count < count {
            place = places.count
            places.append(kind)
        } else {
            guard let most = numbers.first(where: { $0.value > share })?.key, numbers[kind, default: 0] < share,
                let last = places.lastIndex(of: most)
            else { return nil }
            place = last
            places[place] = kind
            numbers[most, default: 1] -= 1
        }
        numbers[kind, default: 0] += 1
        admitted += 1
        return Admission(place: place, number: admitted)
    }
}
