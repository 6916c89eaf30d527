import Metrics
import NIOCore
import NIOHTTP1

/// One answer of the dashboard.
struct DashboardResponse {
    var status: HTTPResponseStatus
    var headers: HTTPHeaders
    var body: ByteBuffer
    /// Whether the connection ends with it.
    var closes = false

    static func text(_ text: String, type: String, status: HTTPResponseStatus = .ok) -> DashboardResponse {
        var headers = commonHeaders
        headers.add(name: "content-type", value: type)
        headers.add(name: "content-security-policy", value: "default-src 'none'; frame-ancestors 'none'")
        return DashboardResponse(status: status, headers: headers, body: ByteBuffer(string: text))
    }

    /// A sentence.
    static func plain(_ status: HTTPResponseStatus, _ sentence: String, closes: Bool) -> DashboardResponse {
        var response = text(sentence + "\n", type: "text/plain; charset=utf-8", status: status)
        response.closes = closes
        return response
    }

    /// The page, whose script and style are the only ones that the browser may run.
    static func page() -> DashboardResponse {
        let nonce = (0..<2).map { _ in String(UInt64.random(in: .min ... .max), radix: 36) }.joined()
        var headers = commonHeaders
        headers.add(name: "content-type", value: "text/html; charset=utf-8")
        headers.add(
            name: "content-security-policy",
            value: "default-src 'none'; script-src 'nonce-\(nonce)'; style-src 'nonce-\(nonce)'; connect-src 'self'; "
                + "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        headers.add(name: "x-frame-options", value: "DENY")
        return DashboardResponse(
            status: .ok,
            headers: headers,
            body: ByteBuffer(string: DashboardPage.html(nonce: nonce))
        )
    }

    static let commonHeaders: HTTPHeaders = [
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-resource-policy": "same-origin",
    ]
}
