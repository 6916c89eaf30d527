extension StoredTimeline {
    /// The start of the names of a server's own metrics.
    static let scrapedPrefix = "scrape:"

    /// A series of a server's own metrics with a point for each second in which the server answered.
    ///
    /// The file has what was news alone: a counter without a row did not grow, a gauge without one is as it was, and one with a
    /// row without a value was not shown from then on. A mean has no value where nothing was observed.
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
                if isCounter || next.max != nil { filled.append(next) }
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
        let name = "\(Self.scrapedPrefix)up"
        // Of one server. It may well have an `uptime`, or the `up{…}` of others, that says nothing of itself.
        if let only = series[Key(group: key.group, metric: name)] { return only }
        let own = series.keys.first { up in
            guard up.group == key.group, up.metric.hasPrefix("\(name){instance=") else { return false }
            return key.metric.contains(up.metric.dropFirst("\(name){".count).dropLast())
        }
        return own.flatMap { series[$0] } ?? []
    }

    /// Puts in place of a series what `scraped` makes of it.
    mutating func fillScraped(_ key: Key) {
        series[key] = scraped(key)
    }
}
