/// The decimal digits of a JSON number: significand · 10^exponent.
struct JSONNumber {
    private var isNegative = false
    /// All digits without the zeros at the end; meaningless where they do not fit.
    private var significand: UInt64 = 0
    private var fits = true
    private var exponent = 0

    /// Nil where this is no number.
    init?(_ base: UnsafeRawPointer, _ range: Range<Int>) {
        var at = range.lowerBound
        let end = range.upperBound
        if at < end, base.byte(at) == UInt8(ascii: "-") {
            isNegative = true
            at &+= 1
        }
        let start = at
        // Zeros wait until a digit follows them: at the end of the digits they only raise the exponent.
        var zeros = 0
        while at < end, JSONScanner.isDigit(base.byte(at)) {
            append(base.byte(at) &- UInt8(ascii: "0"), &zeros)
            at &+= 1
        }
        guard at > start else { return nil }
        if at < end, base.byte(at) == UInt8(ascii: ".") {
            at &+= 1
            while at < end, JSONScanner.isDigit(base.byte(at)) {
                append(base.byte(at) &- UInt8(ascii: "0"), &zeros)
                exponent &-= 1
                at &+= 1
            }
        }
        exponent &+= zeros
        if at < end, base.byte(at) | 0x20 == UInt8(ascii: "e") {
            at = readExponent(base, at &+ 1, end)
        }
        guard at == end else { return nil }
    }

    /// The exact value where it is a whole number and fits.
    var integer: Int? {
        guard fits else { return nil }
        guard significand > 0 else { return 0 }
        guard exponent >= 0, exponent < 19 else { return nil }
        var magnitude = significand
        for _ in 0..<exponent {
            let (product, overflow) = magnitude.multipliedReportingOverflow(by: 10)
            if overflow { return nil }
            magnitude = product
        }
        if isNegative {
            return magnitude <= UInt64(Int.max) + 1 ? Int(truncatingIfNeeded: 0 &- magnitude) : nil
        }
        return Int(exactly: magnitude)
    }

    /// The value where one rounding suffices to get it right (Clinger's fast path), else nil.
    var double: Double? {
        guard fits, significand < 1 << 53 else { return nil }
        guard significand > 0 else { return isNegative ? -0.0 : 0 }
        guard exponent >= -22, exponent <= 22 else { return nil }
        var power = 1.0
        for _ in 0..<exponent.magnitude { power *= 10 }
        let magnitude = exponent < 0 ? Double(significand) / power : Double(significand) * power
        return isNegative ? -magnitude : magnitude
    }

    @inline(__always)
    private mutating func append(_ digit: UInt8, _ zeros: inout Int) {
        if digit == 0 {
            if significand > 0 || !fits { zeros &+= 1 }
            return
        }
        guard fits else {
            zeros = 0
            return
        }
        var value = significand
        while true {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            if overflow {
                fits = false
                zeros = 0
                return
            }
            value = product
            if zeros == 0 { break }
            zeros &-= 1
        }
        let (sum, overflow) = value.addingReportingOverflow(UInt64(digit))
        if overflow { fits = false }
        significand = sum
    }

    private mutating func readExponent(_ base: UnsafeRawPointer, _ offset: Int, _ end: Int) -> Int {
        var at = offset
        var isNegative = false
        if at < end, base.byte(at) == UInt8(ascii: "-") || base.byte(at) == UInt8(ascii: "+") {
            isNegative = base.byte(at) == UInt8(ascii: "-")
            at &+= 1
        }
        var value = 0
        while at < end, JSONScanner.isDigit(base.byte(at)) {
            // Far beyond what any buffer could hold as digits; the sum below cannot overflow.
            if value < 1 << 48 { value = value &* 10 &+ Int(base.byte(at) &- UInt8(ascii: "0")) }
            at &+= 1
        }
        exponent &+= isNegative ? -value : value
        return at
    }
}
