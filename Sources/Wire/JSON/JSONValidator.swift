/// Walks a JSON document once and finds where it breaks the grammar of RFC 8259.
///
/// The kinds of the open brackets are two words of bits, so that nesting costs neither memory nor stack.
/// `at` never passes `end`, and no byte is read at or after `end`.
struct JSONValidator {
    /// The deepest nesting that the two words can hold.
    static var deepest: Int { 128 }

    let base: UnsafeRawPointer
    let end: Int
    var at: Int

    private var depth = 0
    private var isObject = Bits()

    init(base: UnsafeRawPointer, range: Range<Int>) {
        self.base = base
        at = range.lowerBound
        end = range.upperBound
    }

    /// Reads one value with whitespace around it, up to the end; returns where the value itself stands.
    mutating func document(maximumDepth: Int) throws(JSONError) -> Range<Int> {
        skipWhitespace()
        let start = at
        try value(maximumDepth: min(maximumDepth, Self.deepest))
        let range = start..<at
        skipWhitespace()
        if at < end { throw error(.trailingText) }
        return range
    }

    private mutating func value(maximumDepth: Int) throws(JSONError) {
        while true {
            skipWhitespace()
            guard at < end else { throw error(.endOfText) }
            let byte = base.byte(at)
            switch byte {
            case UInt8(ascii: "\""):
                try string()
            case UInt8(ascii: "{"):
                try open(object: true, maximumDepth)
                skipWhitespace()
                if at < end, base.byte(at) == UInt8(ascii: "}") {
                    close()
                } else {
                    try name()
                    continue
                }
            case UInt8(ascii: "["):
                try open(object: false, maximumDepth)
                skipWhitespace()
                if at < end, base.byte(at) == UInt8(ascii: "]") {
                    close()
                } else {
                    continue
                }
            case UInt8(ascii: "t"): try literal("true")
            case UInt8(ascii: "f"): try literal("false")
            case UInt8(ascii: "n"): try literal("null")
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number()
            default: throw error(.unexpectedByte)
            }
            if try !another() { return }
        }
    }

    /// After a value: closes what ends here, and says whether one more value follows.
    @inline(__always)
    private mutating func another() throws(JSONError) -> Bool {
        while depth > 0 {
            skipWhitespace()
            guard at < end else { throw error(.endOfText) }
            let byte = base.byte(at)
            if byte == UInt8(ascii: ",") {
                at &+= 1
                if isObject.last {
                    skipWhitespace()
                    try name()
                }
                return true
            }
            guard byte == (isObject.last ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
                throw error(.missingSeparator)
            }
            close()
        }
        return false
    }

    private mutating func open(object: Bool, _ maximumDepth: Int) throws(JSONError) {
        guard depth < maximumDepth else { throw error(.tooDeep) }
        depth &+= 1
        isObject.push(object)
        at &+= 1
    }

    private mutating func close() {
        depth &-= 1
        isObject.pop()
        at &+= 1
    }

    private mutating func name() throws(JSONError) {
        guard at < end else { throw error(.endOfText) }
        guard base.byte(at) == UInt8(ascii: "\"") else { throw error(.missingName) }
        try string()
        skipWhitespace()
        guard at < end else { throw error(.endOfText) }
        guard base.byte(at) == UInt8(ascii: ":") else { throw error(.missingColon) }
        at &+= 1
    }

    @inline(__always)
    private mutating func skipWhitespace() {
        at = JSONScanner.skipWhitespace(base, at, end)
    }

    @inline(__always)
    func error(_ problem: JSONError.Problem) -> JSONError {
        JSONError(offset: at, problem: problem)
    }

    /// A stack of up to 128 bits.
    private struct Bits {
        private var low: UInt64 = 0
        private var high: UInt64 = 0

        @inline(__always) var last: Bool { low & 1 == 1 }

        @inline(__always)
        mutating func push(_ bit: Bool) {
            high = (high &<< 1) | (low &>> 63)
            low = (low &<< 1) | (bit ? 1 : 0)
        }

        @inline(__always)
        mutating func pop() {
            low = (low &>> 1) | (high &<< 63)
            high &>>= 1
        }
    }
}
