import NIOCore
import NIOHTTP1
import Scenarios

/// A request as a client sends it: its templates filled in, with the headers and cookies that go with it.
struct RenderedRequest {
    let head: HTTPRequestHead
    let body: ByteBuffer?
    let place: HTTPPlace
    /// `GET /path`
    let title: String

    /// Nil where what the path has become is neither a path nor a URL of http or https.
    ///
    /// - Parameter other: A body that is no JSON, in place of the step's, and its type.
    init?(
        _ step: HTTPRequest,
        _ program: Program,
        _ worker: Worker,
        _ cookies: CookieJar,
        _ values: inout ClientValues,
        event: EventView?,
        body other: (bytes: ByteBuffer, type: String)? = nil
    ) {
        let path = step.path.text(&values, event: event)
        let authority = worker.dialer.authority(of: program.number)
        guard let place = HTTPPlace(path, group: program.number, authority: authority) else { return nil }
        var headers = HTTPHeaders([("Host", place.authority)])
        for header in step.headers {
            let value = header.value.text(&values, event: event)
            if !value.isEmpty { headers.replaceOrAdd(name: header.name, value: value) }
        }
        // What the target says for the handshake, Origin above all, a browser sends here too; nobody else gets it.
        if place.isTarget {
            for header in program.group.target.headers where !headers.contains(name: header.name) {
                let value = header.value.text(&values, event: nil)
                if !value.isEmpty { headers.add(name: header.name, value: value) }
            }
            if let cookie = cookies.header, !headers.contains(name: "Cookie") {
                headers.add(name: "Cookie", value: cookie)
            }
        }
        var body: ByteBuffer?
        if let other {
            if !other.type.isEmpty { headers.replaceOrAdd(name: "Content-Type", value: other.type) }
            body = other.bytes
        } else if let template = step.body {
            var content = ByteBuffer()
            template.append(to: &content, &values, event: event)
            if !headers.contains(name: "Content-Type") {
                headers.add(name: "Content-Type", value: "application/json")
            }
            body = content
        }
        if let body {
            headers.replaceOrAdd(name: "Content-Length", value: "\(body.readableBytes)")
        } else if step.method == "POST" || step.method == "PUT" {
            headers.replaceOrAdd(name: "Content-Length", value: "0")
        }
        head = HTTPRequestHead(
            version: .http1_1,
            method: HTTPMethod(rawValue: step.method),
            uri: place.path,
            headers: headers
        )
        self.body = body
        self.place = place
        title = "\(step.method) \(path)"
    }
}
