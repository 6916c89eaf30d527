import Metrics
import NIOCore
import Scenarios
import Wire

/// Rooms: joining and leaving them, and the deliveries of what was sent to them.
extension VirtualClient {
    /// The step before said that it joins or leaves a room.
    func change(_ operation: RoomOperation, event: EventView?, usesLastEvent: Bool, at now: NIODeadline) {
        guard let rooms else { return }
        func place(_ name: RoomName) -> RoomPlace {
            usesLastEvent ? withLastEvent { self.place(name, event: $0) } : self.place(name, event: event)
        }
        switch operation.change {
        case .joins(let name):
            // What was sent after the end of the connection went nowhere.
            guard !hasEnded, cutAt == nil else { return }
            rooms.join(place(name), at: now)
        case .leaves(let name): rooms.leave(place(name), at: now)
        }
    }

    /// A message came that is a delivery.
    func take(_ operation: FanOutOperation, _ view: EventView, at now: NIODeadline) {
        guard let rooms else { return }
        let delivery: Delivery
        switch operation.step.identity {
        case .stamp(let paths):
            guard let found = paths.found(in: view) else { return }
            let range = found.range
            let text = UnsafeRawBufferPointer(rebasing: view.bytes[range.clamped(to: 0..<view.bytes.count)])
            delivery = rooms.take(text, of: operation.step.room.map { place($0, event: view) }, at: now)
        case .id(let paths, let order):
            guard paths.slice(in: view) != nil, let room = operation.step.room else { return }
            delivery = rooms.take(
                identity: view.hash(at: paths, salt: 0),
                order: order.map { view.hash(at: $0, salt: 1) },
                of: place(room, event: view),
                at: now
            )
        }
        count(delivery)
    }

    private func count(_ delivery: Delivery) {
        let metrics = metrics.fanOut
        switch delivery {
        case .received(let scheduled, let service, let isReordered):
            recorder.add(metrics.expected, group: group)
            recorder.add(metrics.received, group: group)
            if isReordered { recorder.add(metrics.reordered, group: group) }
            if let scheduled, let service {
                recorder.record(metrics.latency, group: group, scheduled: scheduled, service: service)
            }
        case .late(let scheduled, let service):
            recorder.add(metrics.received, group: group)
            recorder.add(metrics.late, group: group)
            recorder.record(metrics.latency, group: group, scheduled: scheduled, service: service)
        case .duplicated: recorder.add(metrics.duplicated, group: group)
        case .caughtUp:
            recorder.add(metrics.replayed, group: group)
            recorder.add(metrics.caughtUp, group: group)
        case .replayed: recorder.add(metrics.replayed, group: group)
        case .stray: recorder.add(metrics.stray, group: group)
        case .ignored: break
        }
    }

    private func place(_ name: RoomName, event: EventView?) -> RoomPlace {
        switch name {
        case .assigned: .assigned
        case .template(let template): .named(template.text(&values, event: event))
        }
    }
}
