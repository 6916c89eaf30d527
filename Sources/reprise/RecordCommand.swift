import ArgumentParser
import Foundation
import LoadRunner
import Scenarios
import UnixSignals

/// `reprise record`
struct RecordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: "Records what clients and a server say to each other, as a proxy between them.",
        discussion: """
            Point the real client at the proxy as if it were the server: it passes HTTP, WebSocket and Engine.IO on as \
            they come, with or without TLS towards the server, and writes what was said to the file. Ctrl-C ends it.

            What it changes on the way: Host becomes the server's, Accept-Encoding and Sec-WebSocket-Extensions are \
            taken out, so that what is recorded is what was said, and redirects and cookies of the server's become the \
            proxy's. Origin stays as it is unless --rewrite-origin is given. See docs/record.md.
            """
    )

    @Option(help: ArgumentHelp("The server, as in https://shop.example; paths come from the client.", valueName: "url"))
    var target: RecordTarget

    @Option(
        help: ArgumentHelp(
            "The address and port to listen on; port 0 takes any free one. Others than this machine can use it where "
                + "the address is not one of loopback.",
            valueName: "host:port"
        )
    )
    var listen = ListenAddress(host: "127.0.0.1", port: 8099)

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The file for the recording, as in shop.rec.jsonl.", valueName: "file")
    )
    var output: String

    @Flag(help: "Writes over the file if it is there already.")
    var force = false

    @Flag(help: "Prints no line for every event.")
    var quiet = false

    @Flag(name: .customLong("keep-secrets"), help: "Keeps cookies, tokens and passwords in the recording as they are.")
    var keepsSecrets = false

    @Flag(
        name: .customLong("rewrite-origin"),
        help: "Tells the server that pages are its own, whatever they are, for servers that let only those in."
    )
    var rewritesOrigin = false

    @Option(
        name: .customLong("max-size"),
        help: ArgumentHelp(
            "Stops recording when the file has this size, as in 500MB or 2GB; the proxy goes on.",
            valueName: "size"
        )
    )
    var maximumSize = SizeArgument(bytes: 1_000_000_000)

    @Option(
        name: .customLong("max-body"),
        help: ArgumentHelp(
            "Records so much of a body or message; longer ones are passed on whole and marked as truncated.",
            valueName: "size"
        )
    )
    var maximumBody = SizeArgument(bytes: 1_000_000)

    @Option(
        help: ArgumentHelp("Certificates in PEM to trust for the server, in place of the system's.", valueName: "file")
    )
    var ca: String?

    @Flag(help: "Takes any certificate of the server's, also an invalid one.")
    var insecure = false

    func run() async throws {
        DescriptorLimit.raise()
        var configuration = RecordingProxy.Configuration(target: target.url)
        configuration.host = listen.host
        configuration.port = listen.port
        configuration.rewritesOrigin = rewritesOrigin
        configuration.copyLimit = min(maximumBody.bytes, 16_000_000)
        configuration.authority = try authority()
        configuration.verify = !insecure
        let summary = RecordSummary()
        let (lines, teller) = AsyncStream.makeStream(of: String.self, bufferingPolicy: .bufferingNewest(10_000))
        let proxy: RecordingProxy
        do throws(RecordingProxyError) {
            proxy = try await start(configuration, summary, teller)
        } catch {
            Console.note("reprise: \(error.message)")
            throw ExitCode.failure
        }
        // Beside the proxy, which must not wait for a terminal.
        let telling = Task { for await line in lines { Console.note(line) } }
        if !listen.isLoopback {
            Console.note("warning: whoever reaches \(listen) can now use \(target.url) through this machine")
        }
        Console.print("listening on \(proxy.address)")
        Console.note("recording \(target.url) to \(output); stop it with Ctrl-C")
        for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) { break }
        try await proxy.stop()
        teller.finish()
        await telling.value
        summary.show(file: output)
    }

    private func start(
        _ configuration: RecordingProxy.Configuration,
        _ summary: RecordSummary,
        _ teller: AsyncStream<String>.Continuation
    ) async throws(RecordingProxyError) -> RecordingProxy {
        let (path, replaces, limit) = (output, force, maximumSize.bytes)
        let (url, keepsSecrets, tellsEvents) = (target.url, keepsSecrets, !quiet)
        // Called when the proxy listens: a port that is taken leaves no file behind.
        return try await RecordingProxy.start(configuration) { () throws(RecordingProxyError) in
            TrafficRecorder(
                file: try RecordingFile(path: path, replaces: replaces, limit: limit),
                target: url,
                keepsSecrets: keepsSecrets,
                tellsEvents: tellsEvents,
                tell: { teller.yield($0) },
                finished: { summary.take($0) }
            )
        }
    }

    /// The certificates that `--ca` names.
    private func authority() throws -> (name: String, bytes: [UInt8])? {
        guard let ca else { return nil }
        guard let bytes = try? Data(contentsOf: URL(filePath: ca)) else {
            throw ValidationError("'\(ca)' cannot be read.")
        }
        return (ca, Array(bytes))
    }
}
