extension JSONValidator {
    /// Reads a string from its opening to its closing quote.
    @inline(__always)
    mutating func string() throws(JSONError) {
        at &+= 1
        while true {
            while end &- at >= 8 {
                let word = ByteScan.word(base, at)
                let mask =
                    ByteScan.equal(word, to: UInt8(ascii: "\"")) | ByteScan.equal(word, to: UInt8(ascii: "\\"))
                    | ByteScan.control(word) | ByteScan.nonASCII(word)
                if mask != 0 {
                    at &+= ByteScan.firstIndex(in: mask)
                    break
                }
                at &+= 8
            }
            guard at < end else { throw error(.endOfText) }
            let byte = base.byte(at)
            if byte == UInt8(ascii: "\"") {
                at &+= 1
                return
            }
            if byte == UInt8(ascii: "\\") {
                try escape()
            } else if byte < 0x20 {
                throw error(.controlCharacter)
            } else if byte < 0x80 {
                at &+= 1
            } else {
                try nonASCII()
            }
        }
    }

    private mutating func nonASCII() throws(JSONError) {
        while at < end, base.byte(at) >= 0x80 {
            let length = UTF8Text.sequenceLength(base, at, end)
            guard length > 0 else { throw error(.badUTF8) }
            at &+= length
        }
    }

    private mutating func escape() throws(JSONError) {
        at &+= 1
        guard at < end else { throw error(.endOfText) }
        switch base.byte(at) {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            at &+= 1
        case UInt8(ascii: "u"):
            at &+= 1
            for _ in 0..<4 {
                guard at < end else { throw error(.endOfText) }
                guard JSONUnescaper.hexadecimal(base.byte(at)) != nil else { throw error(.badEscape) }
                at &+= 1
            }
        default:
            throw error(.badEscape)
        }
    }

    /// Reads a number that starts here with a digit or a minus.
    mutating func number() throws(JSONError) {
        if base.byte(at) == UInt8(ascii: "-") { at &+= 1 }
        if at < end, base.byte(at) == UInt8(ascii: "0") {
            at &+= 1
        } else {
            try digits()
        }
        if at < end, base.byte(at) == UInt8(ascii: ".") {
            at &+= 1
            try digits()
        }
        if at < end, base.byte(at) | 0x20 == UInt8(ascii: "e") {
            at &+= 1
            if at < end, base.byte(at) == UInt8(ascii: "+") || base.byte(at) == UInt8(ascii: "-") { at &+= 1 }
            try digits()
        }
    }

    private mutating func digits() throws(JSONError) {
        guard at < end else { throw error(.endOfText) }
        guard JSONScanner.isDigit(base.byte(at)) else { throw error(.badNumber) }
        repeat { at &+= 1 } while at < end && JSONScanner.isDigit(base.byte(at))
    }

    mutating func literal(_ text: StaticString) throws(JSONError) {
        for index in 0..<text.utf8CodeUnitCount {
            guard at < end else { throw error(.endOfText) }
            guard base.byte(at) == text.utf8Start[index] else { throw error(.badLiteral) }
            at &+= 1
        }
    }
}
