package import NIOCore
package import Wire

/// A value of the language with `${…}` in it.
package struct ValueTemplate: Sendable {
    indirect enum Form: Sendable {
        case literal(JSONValue)
        /// A number that JSON can write in several ways, as the file writes it.
        case number(String)
        /// One whole `${…}`.
        case expression(Expression)
        case text([TextPart])
        case list([ValueTemplate])
        case object([(name: String, value: ValueTemplate)])
    }

    /// A piece of a text.
    enum TextPart: Sendable {
        case literal(String)
        case expression(Expression)
    }

    let form: Form

    /// A value with nothing to fill in.
    package init(literal value: JSONValue) {
        form = .literal(value)
    }

    init(_ form: Form) {
        self.form = form
    }

    /// The value; one that is a whole `${…}` keeps its JSON type.
    package func value(_ values: inout ClientValues, event: EventView?) -> JSONValue {
        switch form {
        case .literal(let value):
            return value
        case .number(let text):
            return Self.value(ofNumber: text)
        case .expression(let expression):
            return expression.value(&values, event: event)
        case .text:
            return .string(text(&values, event: event))
        case .list(let elements):
            var result: [JSONValue] = []
            for element in elements { result.append(element.value(&values, event: event)) }
            return .array(result)
        case .object(let members):
            var result: [JSONValue.Member] = []
            for member in members {
                let value = member.value.value(&values, event: event)
                if case .expression = member.value.form, value.isEmpty { continue }
                result.append(JSONValue.Member(member.name, value))
            }
            return .object(result)
        }
    }

    /// The value as text: a string without its quotes, nothing for null, JSON for the rest.
    package func text(_ values: inout ClientValues, event: EventView?) -> String {
        if case .literal(.string(let text)) = form { return text }
        var buffer = ByteBuffer()
        appendText(to: &buffer, &values, event: event)
        return String(buffer: buffer)
    }

    /// Appends the value as text.
    package func appendText(to buffer: inout ByteBuffer, _ values: inout ClientValues, event: EventView?) {
        switch form {
        case .literal(let value):
            value.appendText(to: &buffer)
        case .number(let text):
            buffer.writeString(text)
        case .expression(let expression):
            expression.appendText(to: &buffer, &values, event: event)
        case .text(let parts):
            for part in parts {
                switch part {
                case .literal(let text): buffer.writeString(text)
                case .expression(let expression): expression.appendText(to: &buffer, &values, event: event)
                }
            }
        case .list, .object:
            value(&values, event: event).write(to: &buffer)
        }
    }

    /// The value where it is the same for every client.
    var constant: JSONValue? {
        switch form {
        case .literal(let value):
            return value
        case .number(let text):
            return Self.value(ofNumber: text)
        case .expression(let expression):
            return expression.constant
        case .text(let parts):
            var text = ""
            for part in parts {
                switch part {
                case .literal(let piece): text += piece
                case .expression(let expression):
                    guard let value = expression.constant else { return nil }
                    text += value.plainText
                }
            }
            return .string(text)
        case .list, .object:
            return nil
        }
    }

    private static func value(ofNumber text: String) -> JSONValue {
        if let integer = Int(text) { return .integer(integer) }
        return .number(Double(text) ?? .nan)
    }
}
