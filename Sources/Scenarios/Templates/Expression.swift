import NIOCore
import Wire

/// What stands inside `${…}`, or on one side of a comparison.
indirect enum Expression: Sendable {
    case literal(JSONValue)
    /// An environment variable that is set; its value is never shown.
    case environment(name: String, value: String)
    /// A variable, or a place inside its value.
    case variable(VariableSlot, [String])
    /// A column of the client's row of a feed, or a place inside its value.
    case feed(Int, column: Int, [String])
    case event(MessagePath)
    case sent(MessagePath)
    case clientIndex
    case roomName
    case roomIndex
    /// A new stamp of a message to a room; nil: the one that the client is assigned to.
    case stamp(Expression?)
    case uuid
    case now
    case iso
    case random(Expression, Expression)
    case pick([Expression])
    /// Words, so many bytes of them.
    case words(Int)
    /// The first value that is not null.
    case fallback(Expression, Expression)
}

extension Expression {
    /// The value as a tree.
    func value(_ values: inout ClientValues, event: EventView?) -> JSONValue {
        switch self {
        case .literal(let value):
            return value
        case .environment(_, let value):
            return .string(value)
        case .variable(let slot, let path):
            return values.value(at: slot, path)
        case .feed(let feed, let column, let path):
            return values.value(ofFeed: feed, column: column, path)
        case .event(let path):
            return event.flatMap { view in path.found(in: view)?.tree(in: view.bytes) } ?? .null
        case .sent(let path):
            return values.withSent { view in path.found(in: view)?.tree(in: view.bytes) } ?? .null
        case .clientIndex:
            return .integer(values.clientIndex)
        case .roomName:
            return values.room.map { .string($0.name) } ?? .null
        case .roomIndex:
            return values.room.map { .integer($0.index) } ?? .null
        case .stamp:
            var buffer = ByteBuffer()
            appendText(to: &buffer, &values, event: event)
            return .string(String(buffer: buffer))
        case .uuid:
            return .string(UUIDText.make(&values.random))
        case .now:
            return .integer(Int(values.epochMilliseconds))
        case .iso:
            return .string(ISODate.text(epochMilliseconds: values.epochMilliseconds))
        case .random(let lower, let upper):
            let bounds = (lower.value(&values, event: event), upper.value(&values, event: event))
            guard case .integer(let lower) = bounds.0, case .integer(let upper) = bounds.1 else { return .null }
            return .integer(values.random.integer(from: min(lower, upper), through: max(lower, upper)))
        case .pick(let choices):
            guard !choices.isEmpty else { return .null }
            return choices[values.random.integer(from: 0, through: choices.count - 1)].value(&values, event: event)
        case .words(let count):
            var buffer = ByteBuffer()
            SampleWords.append(count, to: &buffer, &values.random)
            return .string(String(buffer: buffer))
        case .fallback(let first, let second):
            let value = first.value(&values, event: event)
            return value == .null ? second.value(&values, event: event) : value
        }
    }

    /// Appends the value as JSON; what can be copied is copied, without a tree.
    func appendJSON(to buffer: inout ByteBuffer, _ values: inout ClientValues, event: EventView?) {
        switch self {
        case .event(let path):
            guard let event, let found = path.found(in: event) else { return Self.appendNull(to: &buffer) }
            found.appendJSON(in: event.bytes, to: &buffer)
        case .sent(let path):
            let isPresent: Void? = values.withSent { view in
                path.found(in: view).map { $0.appendJSON(in: view.bytes, to: &buffer) }
            }
            if isPresent == nil { Self.appendNull(to: &buffer) }
        case .clientIndex, .now:
            appendText(to: &buffer, &values, event: event)
        case .uuid, .iso, .words, .stamp:
            buffer.writeInteger(UInt8(ascii: "\""))
            appendText(to: &buffer, &values, event: event)
            buffer.writeInteger(UInt8(ascii: "\""))
        case .variable(let slot, let path) where path.isEmpty:
            guard slot < values.variables.count else { return Self.appendNull(to: &buffer) }
            values.variables[slot].write(to: &buffer)
        default:
            value(&values, event: event).write(to: &buffer)
        }
    }

    /// Appends the value as it stands inside a JSON string: escaped, without quotes around it.
    func appendEscaped(to buffer: inout ByteBuffer, _ values: inout ClientValues, event: EventView?) {
        switch self {
        case .uuid, .iso, .words, .stamp, .now, .clientIndex, .random:
            appendText(to: &buffer, &values, event: event)
        default:
            switch value(&values, event: event) {
            case .null: break
            case .string(let text): JSONWriter.writeStringContent(text, to: &buffer)
            case let other: JSONWriter.writeStringContent(other.jsonText, to: &buffer)
            }
        }
    }

    /// Appends the value as text.
    func appendText(to buffer: inout ByteBuffer, _ values: inout ClientValues, event: EventView?) {
        switch self {
        case .clientIndex: JSONWriter.writeInteger(values.clientIndex, to: &buffer)
        case .now: JSONWriter.writeInteger(Int(values.epochMilliseconds), to: &buffer)
        case .uuid: UUIDText.append(to: &buffer, &values.random)
        case .iso: ISODate.append(epochMilliseconds: values.epochMilliseconds, to: &buffer)
        case .words(let count): SampleWords.append(count, to: &buffer, &values.random)
        case .stamp(let room):
            let name = room.map { $0.value(&values, event: event).plainText }
            values.stamps?.appendStamp(ofRoom: name, to: &buffer)
        default: value(&values, event: event).appendText(to: &buffer)
        }
    }

    private static func appendNull(to buffer: inout ByteBuffer) {
        buffer.writeStaticString("null")
    }
}

extension Expression {
    /// The value where it is the same for every client.
    var constant: JSONValue? {
        switch self {
        case .literal(let value): value
        case .environment(_, let value): .string(value)
        case .fallback(let first, let second):
            switch first.constant {
            case .none: nil
            case .some(.null): second.constant
            case .some(let value): value
            }
        default: nil
        }
    }
}
