extension Worker {
    /// Frees the tapes once no failure is kept any more.
    func releaseTapes() {
        guard let failures, !hasReleasedTapes, failures.isOver else { return }
        hasReleasedTapes = true
        for case let client as any ConnectionOwner in seats {
            guard let tape = client.tape, tape.reservation == nil else { continue }
            tape.release()
        }
    }

    /// A group's server as recordings name it: `http://host:port`.
    func server(of group: Int) -> String {
        "\(dialer.isSecure(group) ? "https" : "http")://\(dialer.authority(of: group))"
    }
}
