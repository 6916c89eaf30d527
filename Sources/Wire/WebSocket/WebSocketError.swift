/// How a peer broke RFC 6455 or a limit.
///
/// Nothing can be read from the connection after it: it is to be closed with `closeCode`.
package struct WebSocketError: Error, Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case reservedBits
        case reservedOpcode
        case maskedByServer
        case controlFrameTooLong
        case controlFrameFragmented
        case lengthNotMinimal
        case lengthTooLarge
        case frameTooLarge
        case messageTooLarge
        case tooManyFragments
        case continuationWithoutStart
        case messageWithinMessage
        case closePayloadOfOneByte
        case closeCodeInvalid
        case closeReasonNotUTF8
        case textNotUTF8
    }

    package var kind: Kind

    package init(_ kind: Kind) {
        self.kind = kind
    }

    /// The code to close with: 1002 protocol error, 1007 not UTF-8, 1009 too large.
    package var closeCode: UInt16 {
        switch kind {
        case .frameTooLarge, .messageTooLarge, .tooManyFragments: 1009
        case .closeReasonNotUTF8, .textNotUTF8: 1007
        case .reservedBits, .reservedOpcode, .maskedByServer, .controlFrameTooLong, .controlFrameFragmented,
            .lengthNotMinimal, .lengthTooLarge, .continuationWithoutStart, .messageWithinMessage,
            .closePayloadOfOneByte, .closeCodeInvalid:
            1002
        }
    }

    /// One sentence for people.
    package var sentence: String {
        switch kind {
        case .reservedBits: "A frame has reserved bits set, but no extension was agreed on."
        case .reservedOpcode: "A frame has an opcode that RFC 6455 reserves."
        case .maskedByServer: "The server sent a masked frame."
        case .controlFrameTooLong: "A control frame is longer than 125 bytes."
        case .controlFrameFragmented: "A control frame is fragmented."
        case .lengthNotMinimal: "The length of a frame is written longer than needed."
        case .lengthTooLarge: "The length of a frame has its highest bit set."
        case .frameTooLarge: "A frame is longer than the limit."
        case .messageTooLarge: "The fragments of a message are together longer than the limit."
        case .tooManyFragments: "A message has more fragments than the limit."
        case .continuationWithoutStart: "A continuation frame continues no message."
        case .messageWithinMessage: "A new message starts before the last fragment of the one before."
        case .closePayloadOfOneByte: "A close frame has a payload of one byte, too short for a code."
        case .closeCodeInvalid: "A close frame has a code that must not be sent."
        case .closeReasonNotUTF8: "The reason of a close frame is not UTF-8."
        case .textNotUTF8: "A text message is not UTF-8."
        }
    }
}

extension WireError {
    /// The same failure in the words of the report.
    package init(_ error: WebSocketError) {
        self.init(error.closeCode == 1009 ? .tooLarge : .protocolViolation, error.sentence)
    }
}
