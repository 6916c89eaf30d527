import Foundation
import Metrics
import NIOCore
import Synchronization
import Testing

@testable import LoadRunner

@Suite("Commands as processes", .timeLimit(.minutes(1)))
struct OutsideProcessTests {
    /// A command that has ended by itself.
    private struct Ended {
        var exit: OutsideProcess.Exit
        var text: String
        var isLeft: Bool
    }

    private static func shell(_ script: String, ending: Bool = false) async throws -> Ended {
        try await run(["sh", "-c", script], ending: ending)
    }

    /// Starts a command, waits for its end, or for its first output, and ends it.
    private static func run(
        _ words: [String],
        directory: String = "/",
        environment: [String: String] = ["PATH": "/usr/bin:/bin"],
        ending: Bool = false
    ) async throws -> Ended {
        let (ends, continuation) = AsyncStream.makeStream(of: OutsideProcess.Exit.self)
        let process = try OutsideProcess.start(
            words,
            directory: directory,
            environment: environment,
            output: CommandOutput(margin: 0)
        ) { exit in
            continuation.yield(exit)
            continuation.finish()
        }
        if ending {
            while process.output.text(Redactor()).begin.isEmpty { await Task.yield() }
        } else {
            for await _ in ends {}
        }
        let isLeft = await process.end()
        let exit = try #require(process.exit)
        return Ended(exit: exit, text: process.output.text(Redactor()).begin, isLeft: isLeft)
    }

    @Test("its exit code and both of its streams are kept")
    func exitCode() async throws {
        let ended = try await Self.shell("echo out; echo err >&2; exit 3")
        #expect(ended.exit == .exited(3))
        #expect(ended.text == "out\nerr\n")
        #expect(!ended.isLeft)
    }

    @Test("so is the signal that ended it")
    func signal() async throws {
        #expect(try await Self.shell("kill -9 $$").exit == .signalled(9))
    }

    @Test(
        "a program that is not there says so",
        arguments: ["/does/not/exist", "no-such-program-anywhere", "./nothing"]
    )
    func missing(program: String) async {
        let failure = await #expect(throws: OutsideProcess.Failure.self) {
            _ = try await Self.run([program])
        }
        #expect(failure?.code == ENOENT)
        #expect(failure?.description == "No such file or directory")
    }

    @Test("words that no program can get are refused", arguments: [[], ["echo", "a\0b"]] as [[String]])
    func words(words: [String]) async {
        await #expect(throws: OutsideProcess.Failure.self) { _ = try await Self.run(words) }
    }

    @Test("it runs in its folder, where relative paths begin, with the environment that it was given")
    func place() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "reprise \(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let script = folder.appending(path: "say.sh")
        try Data("#!/bin/sh\npwd -P; echo $1 $COLOUR; env | wc -l\n".utf8).write(to: script)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755],
            ofItemAtPath: script.path(percentEncoded: false)
        )
        let path = folder.resolvingSymlinksInPath().path(percentEncoded: false)
        let ended = try await Self.run(
            ["./say.sh", "two words"],
            directory: path,
            environment: ["COLOUR": "red", "PATH": "/usr/bin:/bin"]
        )
        let lines = ended.text.split(separator: "\n")
        #expect(lines.first.map(String.init) == path)
        #expect(lines.dropFirst().first == "two words red")
    }

    #if os(Linux)
        @Test("it inherits no descriptor, no ignored signal and no signal mask")
        func inheritance() async throws {
            let old = Foundation.signal(SIGUSR1, SIG_IGN)
            defer { Foundation.signal(SIGUSR1, old) }
            let descriptor = open("/dev/null", O_RDONLY)
            defer { close(descriptor) }
            let ended = try await Self.shell(
                "ls /proc/$$/fd | tr '\\n' ' '; echo; exec grep -E 'SigIgn|SigBlk' /proc/self/status"
            )
            let lines = ended.text.split(separator: "\n")
            // The shell's own script is no file; the pipe is 1 and 2.
            #expect(lines.first?.hasPrefix("0 1 2 ") == true)
            #expect(!ended.text.contains(" \(descriptor) "))
            // Signals 32 and 33 are the C library's own.
            let masks = lines.filter { $0.hasPrefix("Sig") }.compactMap { UInt64($0.suffix(16), radix: 16) }
            #expect(masks.map { $0 & 0x7FFF_FFFF } == [0, 0])
        }
    #endif

    @Test("what it leaves behind is ended with it, and does not hold up its end")
    func background() async throws {
        let ended = try await Self.shell("sleep 1000 & echo $!")
        #expect(ended.exit == .exited(0))
        #expect(ended.isLeft)
        let child = try #require(Int32(ended.text.trimmingCharacters(in: .whitespacesAndNewlines)))
        #expect(!ProcessGroup.runs(child))
    }

    @Test("one that goes on is asked to end, and told so where it does not listen", arguments: ["", "trap '' TERM;"])
    func ending(trap: String) async throws {
        let ended = try await Self.shell("\(trap) echo up; while :; do sleep 1000; done", ending: true)
        #expect(ended.exit == .signalled(trap.isEmpty ? SIGTERM : SIGKILL))
        #expect(!ended.isLeft)
    }

    @Test("one that has ended in its own way after it was asked keeps its exit code")
    func graceful() async throws {
        let ended = try await Self.shell(
            "trap 'echo bye; exit 5' TERM; echo up; while :; do sleep 0.01; done",
            ending: true
        )
        #expect(ended.exit == .exited(5))
        #expect(ended.text.hasPrefix("up\n"))
        #expect(ended.text.hasSuffix("bye\n"))
    }

    @Test("one that has left the group and holds the pipe is waited for no longer than patience lasts")
    func escaped() async throws {
        let ended = try await Self.shell("setsid sleep 4 & echo up")
        #expect(ended.exit == .exited(0))
        #expect(ended.text == "up\n")
    }
}

extension ProcessGroup {
    /// Whether a process runs, as far as anybody can see.
    fileprivate static func runs(_ process: pid_t) -> Bool {
        guard kill(process, 0) == 0 else { return false }
        let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .isoLatin1)
        return stat.map { !$0.contains(") Z ") } ?? false
    }
}
