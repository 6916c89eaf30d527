extension Load {
    /// How long all phases last together.
    package var duration: Duration {
        phases.reduce(.zero) { $0 + $1.duration }
    }

    /// The most clients there can be at once.
    ///
    /// An `arrivals:` phase without a limit counts as all the clients that it starts, since each of them may still be there
    /// when the last one comes; with `spacing: poisson` it is their expected number.
    package var peakClients: Int {
        phases.map { phase in
            switch phase.model {
            case .clients(let from, let to): max(from, to)
            case .arrivals(let from, let to, let limit):
                limit ?? Int(((from + to) / 2 * phase.duration.inSeconds).rounded(.up))
            }
        }.max() ?? 0
    }

    /// The load with another peak or another length, its phases in proportion.
    ///
    /// Rates scale as the numbers of clients do. What is not zero stays at least one client, and a phase at least one
    /// millisecond.
    ///
    /// - Parameters:
    ///   - peak: What `peakClients` becomes, as closely as whole clients allow; nil: as it is.
    ///   - total: What `duration` becomes, exactly; nil: as it is.
    package func scaled(peak: Int?, total: Duration?) -> Load {
        var load = self
        if let total, total > .zero, duration > .zero { load.stretch(to: total) }
        if let peak, peak > 0, load.peakClients > 0 { load.multiply(by: Double(peak) / Double(load.peakClients)) }
        return load
    }

    private mutating func stretch(to total: Duration) {
        let factor = total.inSeconds / duration.inSeconds
        var left = total
        for index in phases.indices {
            let isLast = index == phases.count - 1
            let milliseconds = (phases[index].duration.inSeconds * factor * 1000).rounded()
            phases[index].duration = isLast ? max(left, .milliseconds(1)) : .milliseconds(max(1, Int64(milliseconds)))
            left -= phases[index].duration
        }
    }

    private mutating func multiply(by factor: Double) {
        func scaled(_ count: Int) -> Int {
            count == 0 ? 0 : max(1, Int((Double(count) * factor).rounded()))
        }
        for index in phases.indices {
            switch phases[index].model {
            case .clients(let from, let to):
                phases[index].model = .clients(from: scaled(from), to: scaled(to))
            case .arrivals(let from, let to, let limit):
                phases[index].model = .arrivals(from: from * factor, to: to * factor, limit: limit.map(scaled))
            }
        }
    }
}

extension Duration {
    var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
