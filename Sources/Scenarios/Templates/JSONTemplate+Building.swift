import NIOCore
import Wire

extension JSONTemplate {
    /// A template of a document whose strings were taken apart already.
    init(_ template: ValueTemplate) {
        var builder = JSONTemplateBuilder()
        builder.append(template)
        self = builder.template
    }
}

/// Lays a document out as bytes and segments.
private struct JSONTemplateBuilder {
    private var bytes: [UInt8] = []
    private var flushed = 0
    private var segments: [JSONTemplate.Segment] = []
    private var expressions: [Expression] = []
    private var members: [JSONTemplate.Member] = []

    var template: JSONTemplate {
        mutating get {
            flush()
            return JSONTemplate(bytes: bytes, segments: segments, expressions: expressions, members: members)
        }
    }

    mutating func append(_ template: ValueTemplate) {
        switch template.form {
        case .literal(let value):
            append(value)
        case .expression(let expression):
            if let constant = expression.constant {
                append(constant)
            } else {
                add(.expression(Int32(expressions.count)), expression)
            }
        case .text(let parts):
            bytes.append(UInt8(ascii: "\""))
            for part in parts {
                switch part {
                case .literal(let text): appendEscaped(text)
                case .expression(let expression): add(.escaped(Int32(expressions.count)), expression)
                }
            }
            bytes.append(UInt8(ascii: "\""))
        case .list(let elements):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                append(element)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            append(members)
        case .number(let text):
            bytes.append(contentsOf: text.utf8)
        }
    }

    private mutating func append(_ object: [(name: String, value: ValueTemplate)]) {
        bytes.append(UInt8(ascii: "{"))
        var separator = JSONTemplate.Member.Separator.never
        for (name, template) in object {
            var prefix = ByteBuffer()
            JSONWriter.writeString(name, to: &prefix)
            prefix.writeInteger(UInt8(ascii: ":"))
            if case .expression(let expression) = template.form {
                // An environment variable that is set to nothing, for one.
                if let constant = expression.constant, constant.isEmpty { continue }
                if expression.constant == nil {
                    flush()
                    segments.append(.member(Int32(members.count)))
                    members.append(
                        JSONTemplate.Member(
                            prefix: Array(prefix.readableBytesView),
                            separator: separator,
                            value: expression
                        )
                    )
                    if separator == .never { separator = .unlessFirst }
                    continue
                }
            }
            switch separator {
            case .never: break
            case .always: bytes.append(UInt8(ascii: ","))
            case .unlessFirst:
                flush()
                segments.append(.comma)
            }
            bytes.append(contentsOf: prefix.readableBytesView)
            append(template)
            separator = .always
        }
        bytes.append(UInt8(ascii: "}"))
    }

    private mutating func append(_ value: JSONValue) {
        var buffer = ByteBuffer()
        value.write(to: &buffer)
        bytes.append(contentsOf: buffer.readableBytesView)
    }

    private mutating func appendEscaped(_ text: String) {
        var buffer = ByteBuffer()
        JSONWriter.writeStringContent(text, to: &buffer)
        bytes.append(contentsOf: buffer.readableBytesView)
    }

    private mutating func add(_ segment: JSONTemplate.Segment, _ expression: Expression) {
        flush()
        segments.append(segment)
        expressions.append(expression)
    }

    /// Makes a segment of the bytes since the last one.
    private mutating func flush() {
        guard flushed < bytes.count else { return }
        segments.append(.literal(from: Int32(flushed), to: Int32(bytes.count)))
        flushed = bytes.count
    }
}
