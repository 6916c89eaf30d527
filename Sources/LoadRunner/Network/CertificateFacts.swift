import Foundation
import NIOSSL

/// What of a certificate explains why it was not accepted.
///
/// BoringSSL says that a chain did not verify, not why; the server's own certificate shows the common reasons.
enum CertificateFacts {
    /// Why a certificate was not accepted, in a sentence.
    ///
    /// - Parameter certificate: The server's own; nil where it did not come so far.
    static func objection(to certificate: NIOSSLCertificate?, now: Date = Date()) -> String {
        let remedy = "name the one to trust in `tls.ca`, or set `tls.verify: false`"
        guard let certificate else { return "the server's certificate is not trusted; \(remedy)" }
        let seconds = Int(now.timeIntervalSince1970)
        if seconds > Int(certificate.notValidAfter) {
            return "the server's certificate expired on \(day(certificate.notValidAfter))"
        }
        if seconds < Int(certificate.notValidBefore) {
            return "the server's certificate is not valid before \(day(certificate.notValidBefore))"
        }
        return isSelfIssued(certificate)
            ? "the server's certificate is not trusted: it is self-signed; \(remedy)"
            : "the server's certificate is not trusted: its issuer is unknown; \(remedy)"
    }

    /// The hosts and addresses that a certificate is for.
    static func names(in certificate: NIOSSLCertificate) -> [String] {
        certificate._subjectAlternativeNames().compactMap { name in
            switch name.nameType {
            case .dnsName: String(decoding: name.contents, as: UTF8.self)
            case .ipAddress: address(Array(name.contents))
            default: nil
            }
        }
    }

    private static func address(_ bytes: [UInt8]) -> String? {
        let value = bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        switch bytes.count {
        case 4: return IPAddress(.v4, value).description
        case 16: return IPAddress(.v6, value).description
        default: return nil
        }
    }

    private static func day(_ time: time_t) -> String {
        Date(timeIntervalSince1970: TimeInterval(time)).formatted(.iso8601.year().month().day())
    }

    /// The issuer's name is the subject's.
    private static func isSelfIssued(_ certificate: NIOSSLCertificate) -> Bool {
        guard let bytes = try? certificate.toDERBytes() else { return false }
        // Certificate ::= SEQUENCE { TBSCertificate ::= SEQUENCE { [0] version, serialNumber, signature, issuer,
        // validity, subject, … (RFC 5280, section 4.1)
        var outer = DERReader(bytes[...])
        guard var whole = outer.next().map({ DERReader($0.content) }),
            var fields = whole.next().map({ DERReader($0.content) }), var field = fields.next()
        else { return false }
        if field.tag == 0xA0 {
            guard let serial = fields.next() else { return false }
            field = serial
        }
        guard fields.next() != nil, let issuer = fields.next(), fields.next() != nil, let subject = fields.next() else {
            return false
        }
        return issuer.content == subject.content
    }
}

/// Reads the elements of a DER value one after the other. Source: ITU-T X.690, section 8.1.
private struct DERReader {
    private var bytes: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
    }

    mutating func next() -> (tag: UInt8, content: ArraySlice<UInt8>)? {
        guard let tag = bytes.popFirst(), let first = bytes.popFirst() else { return nil }
        var length = Int(first)
        if first & 0x80 != 0 {
            let count = Int(first & 0x7F)
            guard (1...4).contains(count), bytes.count >= count else { return nil }
            length = bytes.prefix(count).reduce(0) { $0 << 8 | Int($1) }
            bytes = bytes.dropFirst(count)
        }
        guard bytes.count >= length else { return nil }
        defer { bytes = bytes.dropFirst(length) }
        return (tag, bytes.prefix(length))
    }
}
