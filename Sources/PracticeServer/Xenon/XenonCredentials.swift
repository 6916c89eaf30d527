/// What clients show to be let in; fixed, so that scenarios can write them down.
enum XenonCredentials {
    static let apiKey = "practice-key"
    static let nodeSecret = "practice-secret"
    static let accessKey = "practice-access"
    static let token = "practice-token"
    static let email = "admin@practice.example"
    static let password = "practice-password"
    /// The cookie of the dashboard's login.
    static let cookie = "xenon_dashboard_session"
}

/// Who a socket is; fixed when it joins the namespace.
enum XenonPrincipal: Hashable {
    case dashboard
    case node
    /// The server asks nobody for credentials.
    case anybody

    /// Whether the socket may be in the room of dashboards, or in that of nodes.
    func mayRegister(as role: XenonPrincipal) -> Bool {
        self == .anybody || self == role
    }
}
