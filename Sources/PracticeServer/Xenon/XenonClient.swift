/// A client that was let in.
struct XenonClient {
    let principal: XenonPrincipal
    /// The room that it registered for; nil before.
    var role: XenonPrincipal?
    /// Where a node says that it runs.
    var host = ""
}
