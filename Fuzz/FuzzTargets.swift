// Fuzz targets for what strangers' files are read by. See CONTRIBUTING.md.
import Foundation
import NIOCore
import Scenarios
import Wire

/// What is fuzzed, by the variable FUZZ of the environment.
private enum Target: String {
    /// Recordings: read, redacted, written, read again, converted, and the scenario read.
    case recording
    /// HAR files: the same.
    case har
    /// Any bytes as the body of a message: redacted.
    case redactor
}

private let target =
    ProcessInfo.processInfo.environment["FUZZ"].flatMap(Target.init) ?? .recording

// The entry that the package manager wants, and libFuzzer's own.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ body: @convention(c) (UnsafePointer<UInt8>, Int) -> CInt
) -> CInt

@_cdecl("Fuzz_main")
public func start(_ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> CInt {
    var (count, arguments) = (count, arguments)
    return runDriver(&count, &arguments) { fuzzOneInput($0, $1) }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    switch target {
    case .recording: fuzzRecording(bytes)
    case .har: fuzzHAR(bytes)
    case .redactor: fuzzRedactor(bytes)
    }
    return 0
}

private func fuzzRecording(_ bytes: [UInt8]) {
    var reader = RecordingReader(file: "fuzz")
    var entries: [RecordingEntry] = []
    // In two pieces, for what is cut between them.
    let half = bytes.count / 2
    guard let first = try? reader.feed(ByteBuffer(bytes: bytes[..<half])),
        let second = try? reader.feed(ByteBuffer(bytes: bytes[half...])), let last = try? reader.finish(),
        let header = reader.header
    else { return }
    entries = first + second + last
    check(Recording(header: header, entries: entries))
}

private func fuzzHAR(_ bytes: [UInt8]) {
    guard let (recording, _) = try? HARReader.read(ByteBuffer(bytes: bytes), file: "fuzz") else { return }
    check(recording)
}

private func fuzzRedactor(_ bytes: [UInt8]) {
    var redactor = RecordingRedactor()
    for isBinary in [false, true] {
        let body = RecordedBody(bytes: ByteBuffer(bytes: bytes), isBinary: isBinary)
        let entry = RecordingEntry(time: .zero, connection: 1, content: .in(RecordedMessage(body)))
        let redacted = redactor.redact(entry)
        guard case .in(let message) = redacted.content else { fatalError("another kind of entry") }
        let wasJSON = (try? JSONValue(parsing: bytes)) != nil
        let isJSON = (try? JSONValue(parsing: Array(message.body.bytes.readableBytesView))) != nil
        precondition(!wasJSON || isJSON, "what was JSON is none any more")
    }
}

/// What was read can be written and read again, redacted, and converted to a scenario that reads.
private func check(_ recording: Recording) {
    guard let again = try? Recording.read(text: recording.text, file: "again").recording else {
        fatalError("what was written cannot be read")
    }
    precondition(again.entries.count == recording.entries.count, "entries were lost")
    var redactor = RecordingRedactor()
    var safe = Recording(header: redactor.redact(recording.header))
    safe.entries = recording.entries.map { redactor.redact($0) }
    guard let result = Converter.convert(safe, source: "fuzz", target: "practice:leflux"), result.files.isEmpty else {
        return
    }
    let environment = Dictionary(uniqueKeysWithValues: result.environment.map { ($0, "x") })
    do {
        _ = try ScenarioReader(environment: environment, checkSyntax: { _, _ in nil })
            .read(text: result.scenario, file: "fuzz.yaml")
    } catch {
        fatalError("\(error)\n\(result.scenario)")
    }
}
