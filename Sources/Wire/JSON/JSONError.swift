/// Why bytes are no JSON, and where.
package struct JSONError: Error, Hashable, Sendable {
    /// What breaks the grammar of RFC 8259.
    package enum Problem: UInt8, Hashable, Sendable {
        case endOfText
        case unexpectedByte
        case badLiteral
        case badNumber
        case badEscape
        case controlCharacter
        case badUTF8
        case missingName
        case missingColon
        case missingSeparator
        case trailingText
        case tooDeep
    }

    /// The place of the first byte that cannot stand there, from the start of the buffer that was read.
    package var offset: Int
    package var problem: Problem

    package init(offset: Int, problem: Problem) {
        self.offset = offset
        self.problem = problem
    }
}

extension WireError {
    /// The same failure in the words of the report.
    ///
    /// - Parameter subject: what should have been JSON, with a capital letter.
    package init(_ error: JSONError, _ subject: String) {
        if error.problem == .tooDeep {
            self.init(.tooLarge, "\(subject) is JSON that is nested deeper than the limit.")
        } else {
            self.init(.protocolViolation, "\(subject) is not JSON. \(error.reason)")
        }
    }
}

extension JSONError: CustomStringConvertible {
    /// One sentence, without the place.
    package var reason: String {
        switch problem {
        case .endOfText: "The text ends in the middle of a value."
        case .unexpectedByte: "No JSON value starts with this character."
        case .badLiteral: "This is neither true, nor false, nor null."
        case .badNumber: "This is not how JSON writes a number."
        case .badEscape: "This is not an escape that JSON knows."
        case .controlCharacter: "A control character stands unescaped in a string."
        case .badUTF8: "These bytes are not UTF-8."
        case .missingName: "The name of a member, in quotes, is missing."
        case .missingColon: "The colon after a member's name is missing."
        case .missingSeparator: "A comma or a closing bracket is missing."
        case .trailingText: "Something follows after the end of the value."
        case .tooDeep: "The value is nested too deeply."
        }
    }

    package var description: String {
        "\(reason) (at byte \(offset))"
    }
}
