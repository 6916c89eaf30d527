extension StoredTimeline {
    /// The start of the names of a server's own metrics.
    static let scrapedPrefix = "scrape:"

    /// A series of a server's own metrics with a point for each second in which the server answered.
    ///
    /// The file has what was news alone: a counter without a row did not grow, a gauge without one is as it was. A mean has no
    /// value where nothing was observed.
    package func scraped(_ key: Key) -> [Point] {
        let points = series[key] ?? []
        let name = key.metric.prefix { $0 != "{" }
        guard key.metric.hasPrefix(Self.scrapedPrefix), let first = points.first, !name.hasSuffix(":mean") else {
            return points
        }
        let isCounter = points.contains { $0.rate != nil }
        var news = points[...]
        var ups = up(of: key)[...]
        var isUp = false
        var last: Point?
        var filled: [Point] = []
        for second in seconds {
            while let next = ups.first, next.second <= second.second {
                isUp = next.max == 1
                ups.removeFirst()
            }
            if let next = news.first, next.second <= second.second {
                last = next
                filled.append(next)
                news.removeFirst()
            } else if isUp, isCounter {
                filled.append(Point(second: second.second, count: 0, rate: 0, p50: nil, p95: nil, p99: nil, max: nil))
            } else if isUp, second.second >= first.second, let value = last?.max {
                filled.append(
                    Point(second: second.second, count: nil, rate: nil, p50: nil, p95: nil, p99: nil, max: value)
                )
            }
        }
        return filled
    }

    /// When the server of a series answered, and when it did not.
    private func up(of key: Key) -> [Point] {
        let all = series.keys.filter { $0.group == key.group && $0.metric.hasPrefix("\(Self.scrapedPrefix)up") }
        let own = all.first { up in
            guard let labels = up.metric.firstIndex(of: "{") else { return up.metric == "\(Self.scrapedPrefix)up" }
            let label = up.metric[up.metric.index(after: labels)...].dropLast()
            return label.hasPrefix("instance=") && key.metric.contains(label)
        }
        return own.flatMap { series[$0] } ?? []
    }

    /// Puts in place of a series what `scraped` makes of it.
    mutating func fillScraped(_ key: Key) {
        series[key] = scraped(key)
    }
}
