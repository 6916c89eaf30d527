import Testing

@testable import PracticeServer

@Suite struct FaultParsingTests {
    @Test(
        "A fault is read as it is written",
        arguments: [
            ("latency=50ms", Fault.latency(.milliseconds(50), jitter: .zero)),
            ("latency=50ms±10ms", .latency(.milliseconds(50), jitter: .milliseconds(10))),
            ("latency=1.5s+-250us", .latency(.milliseconds(1500), jitter: .microseconds(250))),
            ("chunks=40", .chunks(40)),
            ("chunk-interval=20ms", .chunkInterval(.milliseconds(20))),
            ("drop-chunk=9", .dropChunk(every: 9)),
            ("drop-chunk", .dropChunk(every: 7)),
            ("duplicate-chunk", .duplicateChunk(every: 7)),
            ("duplicate-chunk=3", .duplicateChunk(every: 3)),
            ("reorder-chunks=5", .reorderChunks(every: 5)),
            ("truncate", .truncate(every: 7)),
            ("refuse=10%", .refuse(0.1)),
            ("refuse=0.5%", .refuse(0.005)),
            ("kill-after=10s", .killAfter(.seconds(10))),
            ("kill-after=2m", .killAfter(.seconds(120))),
            ("no-ping", .noPing),
            ("ignore-plan-limit", .ignorePlanLimit),
            ("cycle=3", .cycle(period: 3)),
            ("cycle", .cycle(period: 3)),
            ("rate-limit", .rateLimit),
            ("lose-delivery", .loseDelivery(every: 7)),
            ("double-delivery=3", .doubleDelivery(every: 3)),
            ("swap-delivery=1", .swapDelivery(every: 1)),
            ("duplicate-reply", .duplicateReply(every: 7)),
            ("wrong-order=9", .wrongOrder(every: 9)),
            ("ignore-limits", .ignoreLimits),
            ("auth=off", .authentication(false)),
            ("rate=200", .rate(200)),
            ("prefix=/api/ws", .prefix("/api/ws")),
            ("heartbeat=30s", .heartbeat(.seconds(30))),
            ("max-connections=60", .maxConnections(60)),
            ("buffer=1MB", .buffer(1_000_000)),
            ("buffer=64KiB", .buffer(65_536)),
            ("buffer=512", .buffer(512)),
            ("zombie=500ms", .zombie(.milliseconds(500))),
            ("recovery=2m", .recovery(.seconds(120))),
            ("ping-interval=500ms", .pingInterval(.milliseconds(500))),
            ("ping-timeout=2s", .pingTimeout(.seconds(2))),
            ("require-token", .requireToken(nil)),
            ("require-token=a=b", .requireToken("a=b")),
        ]
    )
    func reading(text: String, fault: Fault) throws {
        #expect(try Fault(parsing: text) == fault)
    }

    @Test("What a fault is described as reads back as the same fault")
    func roundTrip() throws {
        let texts = [
            "latency=50ms±10ms", "latency=2s", "chunks=40", "chunk-interval=500us", "drop-chunk=7", "refuse=12.5%",
            "kill-after=10s", "no-ping", "cycle=3", "lose-delivery=7", "swap-delivery=2", "auth=off", "rate=20",
            "ignore-limits", "prefix=/realtime", "heartbeat=100ms", "max-connections=7", "require-token",
            "require-token=x", "buffer=1MB", "buffer=64KiB", "buffer=777", "zombie=500ms", "recovery=120s",
            "ping-interval=500ms", "ping-timeout=2s",
        ]
        for text in texts {
            #expect(try Fault(parsing: text).description == text)
        }
    }

    @Test(
        "A value that is none is an error that shows the right form",
        arguments: [
            "latency", "latency=", "latency=50", "latency=-5ms", "latency=10ms±20ms", "latency=1e3ms", "latency=nanms",
            "latency=99999999h", "chunks", "chunks=0", "chunks=x", "chunks=99999999999999999999", "chunk-interval=0ms",
            "drop-chunk=", "drop-chunk=0", "drop-chunk=-1", "drop-chunk=1.5", "refuse=10", "refuse=101%", "refuse=%",
            "kill-after=0s", "no-ping=1", "ignore-plan-limit=", "cycle=0", "rate-limit=3", "latency=±5ms", "chunks=٣",
            "prefix", "prefix=", "prefix=ws", "prefix=/a?b", "prefix=/a b", "heartbeat", "heartbeat=0s",
            "max-connections", "max-connections=0", "require-token=",
            "auth", "auth=yes", "rate", "rate=0", "lose-delivery=x", "ignore-limits=1",
            "buffer", "buffer=0", "buffer=MB", "buffer=-1MB", "buffer=1.5MB", "buffer=9999999999999GB", "zombie",
            "zombie=0s",
            "recovery", "recovery=0s", "ping-interval", "ping-interval=0ms", "ping-interval=500", "ping-timeout=500us",
        ]
    )
    func invalid(text: String) {
        #expect {
            try Fault(parsing: text)
        } throws: { error in
            guard let error = error as? PracticeServerError else { return false }
            return error.code == .invalidFault && error.message.contains("is not written as")
        }
    }

    @Test(
        "An unknown name is an error that says what was probably meant",
        arguments: [("drop-chunks=7", "drop-chunk"), ("latencey=5ms", "latency"), ("killafter=1s", "kill-after")]
    )
    func nearMiss(text: String, meant: String) {
        #expect {
            try Fault(parsing: text)
        } throws: { error in
            guard let error = error as? PracticeServerError else { return false }
            return error.code == .unknownFault && error.message.contains("did you mean '\(meant)'?")
        }
    }

    @Test("A name like no other is an error that lists all faults", arguments: ["", "=", "earthquake", "🙂=1"])
    func farMiss(text: String) {
        #expect {
            try Fault(parsing: text)
        } throws: { error in
            guard let error = error as? PracticeServerError else { return false }
            return !error.message.contains("did you mean")
                && Fault.all.allSatisfy { error.message.contains($0.name) }
        }
    }

    @Test("The same fault twice is an error")
    func twice() {
        #expect(throws: PracticeServerError.self) { try Fault.parse(["drop-chunk=7", "no-ping", "drop-chunk=8"]) }
    }

    @Test("The catalogue has every fault, and each entry's syntax can be read")
    func catalogue() throws {
        let samples = [
            "TIME[±TIME]": "5ms", "TIME": "5ms", "[=N]": "", "PERCENT": "5%", "=N": "=5", "=on|off": "=off",
            "PATH": "/a", "SIZE": "1MB",
            "[=TEXT]": "",
        ]
        for entry in Fault.all {
            var text = entry.syntax
            for placeholder in ["TIME[±TIME]", "[=N]", "[=TEXT]", "=N", "TIME", "PERCENT", "=on|off", "PATH", "SIZE"] {
                guard let range = text.firstRange(of: placeholder) else { continue }
                text.replaceSubrange(range, with: samples[placeholder] ?? "")
            }
            #expect(try Fault(parsing: text).name == entry.name)
            #expect(!entry.summary.isEmpty && !entry.report.isEmpty)
        }
        #expect(Set(Fault.all.map(\.name)).count == 32)
    }
}
