import Metrics
import NIOCore
import NIOPosix
import Scenarios

/// Opens a worker's connections: to the target of each group, and to what else requests name.
final class Dialer {
    let eventLoop: any EventLoop
    let recorder: Recorder
    let metrics: FixedMetrics
    private(set) lazy var handshakes = HandshakeWatch(eventLoop: eventLoop)

    private let network: NetworkPlan
    /// By host and port.
    private var rotations: [HostPort: AddressRotation] = [:]
    private var sources: SourceRotation
    private let number: Int

    private struct HostPort: Hashable {
        var host: String
        var port: Int
    }

    /// - Parameter number: The worker's, of whom the first records what was measured before the run.
    init(eventLoop: any EventLoop, network: NetworkPlan, number: Int, recorder: Recorder, metrics: FixedMetrics) {
        self.eventLoop = eventLoop
        self.network = network
        self.number = number
        self.recorder = recorder
        self.metrics = metrics
        sources = SourceRotation(network.sources, first: number)
        guard number == 0 else { return }
        for (group, destination) in network.destinations.enumerated() {
            guard let time = destination.lookupTime else { continue }
            recorder.record(metrics.connectDNS, group: group, nanoseconds: time.nanoseconds)
        }
    }

    /// The group's server as the `Host` header says it.
    func authority(of group: Int) -> String {
        network.destinations[group].authority
    }

    /// Whether the group's server is spoken to by TLS.
    func isSecure(_ group: Int) -> Bool {
        network.destinations[group].isSecure
    }

    /// Opens a connection to a group's target, which counts among its `connect.…` times.
    ///
    /// - Parameters:
    ///   - recordingGroup: Where those times are recorded; nil: in the group.
    ///   - timeout: For the name, TCP and TLS together; it ends a little earlier than that.
    ///   - route: The route of another connection of the same session; nil: the next address of the host.
    ///   - receiveBuffer: The size of the socket's receive buffer, where the target says none; nil: the system's.
    func dial(
        _ handler: any DialedHandler,
        group: Int,
        measuredFor recordingGroup: Int? = nil,
        timeout: TimeAmount,
        route: Route? = nil,
        receiveBuffer: Int? = nil
    ) {
        let destination = network.destinations[group]
        dial(handler, to: destination, measuredFor: recordingGroup ?? group, timeout, route, receiveBuffer)
    }

    /// Opens a connection for a request.
    ///
    /// - Parameter recordingGroup: Where it counts among the `connect.…` times, being part of opening a session; nil:
    ///   nowhere.
    func dial(
        _ handler: any DialedHandler,
        to place: HTTPPlace,
        timeout: TimeAmount,
        route: Route? = nil,
        receiveBuffer: Int? = nil,
        measuredFor recordingGroup: Int? = nil
    ) {
        if let group = place.group {
            dial(handler, to: network.destinations[group], measuredFor: recordingGroup, timeout, route, receiveBuffer)
            return
        }
        do {
            dial(handler, to: try network.destination(for: place), measuredFor: nil, timeout, route, receiveBuffer)
        } catch {
            handler.dialFailed(error)
        }
    }

    private func dial(
        _ handler: any DialedHandler,
        to destination: Destination,
        measuredFor group: Int?,
        _ timeout: TimeAmount,
        _ route: Route?,
        _ receiveBuffer: Int?
    ) {
        let dial = Dial(
            self,
            handler,
            to: destination,
            group: group,
            timeout: timeout,
            source: route?.source,
            receiveBuffer: receiveBuffer
        )
        if let route {
            dial.tryNext(of: [route.address], after: nil)
        } else if let addresses = destination.addresses {
            dial.tryNext(of: order(addresses, for: destination)[...], after: nil)
        } else {
            dial.lookUp()
        }
    }

    // MARK: For a dial

    func lookUp(_ destination: Destination) -> EventLoopFuture<[SocketAddress]> {
        network.resolver.addresses(of: destination.host, port: destination.port, on: eventLoop)
    }

    /// The addresses in the order in which to try them.
    func order(_ addresses: [SocketAddress], for destination: Destination) -> [SocketAddress] {
        guard addresses.count > 1 else { return addresses }
        let key = HostPort(host: destination.host, port: destination.port)
        return rotations[key, default: AddressRotation(first: number)].order(addresses, at: .now())
    }

    /// The address did not take a connection.
    func failed(_ address: SocketAddress, of destination: Destination) {
        let key = HostPort(host: destination.host, port: destination.port)
        rotations[key]?.failed(address, at: .now())
    }

    /// Where the connection comes from; nil: the system chooses.
    func source(for address: SocketAddress, like source: SocketAddress?) -> SocketAddress? {
        sources.same(as: source) ?? sources.next(to: address)
    }
}
