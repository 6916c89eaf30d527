import Foundation
import NIOCore
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A command as a process group of its own, so that what it starts can be ended with it.
///
/// Foundation's `Process` cannot make a group. The process that was started is not reaped before `end`, for as long as
/// it is not, its number is nobody else's, and a signal to the group cannot reach a stranger.
final class OutsideProcess: Sendable {
    /// How a process ended.
    enum Exit: Hashable {
        case exited(Int32)
        case signalled(Int32)
    }

    /// Why one did not start: the system's error number.
    struct Failure: Error, Hashable, CustomStringConvertible {
        var code: Int32
        var description: String { String(cString: strerror(code)) }
    }

    /// How long a process may take to end when it is asked to.
    static let patience = Duration.seconds(2)

    let identifier: pid_t

    private struct State {
        var exit: Exit?
        var isReaped = false
        var isOutputOver = false
        var isGivenUp = false
        var output: CommandOutput
    }

    private let state: Mutex<State>

    /// Starts a command.
    ///
    /// - Parameters:
    ///   - words: The program and its arguments; a program without a slash is looked for in `PATH`.
    ///   - directory: Where it runs, and where a relative path of the program begins.
    ///   - output: Takes what it writes to either stream.
    ///   - ended: Called once, on a thread of its own, when the process has ended; others of its group may go on.
    /// - Throws: `Failure` where it does not start.
    static func start(
        _ words: [String],
        directory: String,
        environment: [String: String],
        output: CommandOutput,
        ended: @escaping @Sendable (Exit) -> Void
    ) throws(Failure) -> OutsideProcess {
        let pipe = try makePipe()
        defer { close(pipe.write) }
        do throws(Failure) {
            let identifier = try spawn(words, directory, environment, output: pipe.write)
            let process = OutsideProcess(identifier, output)
            Thread.detachNewThread { process.read(pipe.read) }
            Thread.detachNewThread { ended(process.wait()) }
            return process
        } catch {
            close(pipe.read)
            throw error
        }
    }

    private init(_ identifier: pid_t, _ output: CommandOutput) {
        self.identifier = identifier
        state = Mutex(State(output: output))
    }

    /// Nil while it runs.
    var exit: Exit? { state.withLock { $0.exit } }

    var output: CommandOutput { state.withLock { $0.output } }

    // MARK: - Ending

    /// Ends the process group: asks it to, and does not ask any more after `patience`.
    ///
    /// - Returns: Whether the command had ended before, and had left processes running.
    func end() async -> Bool {
        let isLeft = exit != nil && !isOver
        if !isOver { send(SIGTERM) }
        await wait(until: ContinuousClock.now + Self.patience) { isOver }
        if !isOver { send(SIGKILL) }
        await wait(until: ContinuousClock.now + Self.patience) { isOver }
        // Who has left the group may still hold the pipe; nobody waits for that.
        state.withLock { $0.isGivenUp = true }
        await wait(until: ContinuousClock.now + Self.patience) { state.withLock { $0.isOutputOver } }
        reap()
        return isLeft
    }

    /// Ends the group at once and waits for nothing.
    func kill() {
        send(SIGKILL)
    }

    /// The process has ended, and so has its group.
    private var isOver: Bool {
        exit != nil && !ProcessGroup.isRunning(identifier)
    }

    private func send(_ signal: Int32) {
        // Once it is reaped its number may be a stranger's.
        guard !state.withLock({ $0.isReaped }) else { return }
        ProcessGroup.send(signal, to: identifier)
    }

    private func reap() {
        state.withLock { state in
            guard !state.isReaped, state.exit != nil else { return }
            state.isReaped = true
            var status: Int32 = 0
            while waitpid(identifier, &status, 0) == -1, errno == EINTR {}
        }
    }

    private func wait(until deadline: ContinuousClock.Instant, for condition: () -> Bool) async {
        while !condition(), ContinuousClock.now < deadline {
            // Cancelled or not, the group has to be ended.
            await withCheckedContinuation { continuation in
                DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(10)) { continuation.resume() }
            }
        }
    }

    // MARK: - On threads of their own

    private func wait() -> Exit {
        var info = siginfo_t()
        var result: Int32
        repeat {
            result = waitid(P_PID, id_t(identifier), &info, WEXITED | WNOWAIT)
        } while result == -1 && errno == EINTR
        #if os(Linux)
            let status = info._sifields._sigchld.si_status
        #else
            let status = info.si_status
        #endif
        let exit: Exit = info.si_code == CLD_EXITED ? .exited(status) : .signalled(status)
        state.withLock { $0.exit = exit }
        return exit
    }

    private func read(_ descriptor: Int32) {
        var buffer = [UInt8](repeating: 0, count: 16 * 1024)
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while true {
            let ready = poll(&request, 1, 100)
            if ready == 0 {
                if state.withLock({ $0.isGivenUp }) { break }
                continue
            }
            if ready < 0 {
                if errno == EINTR { continue }
                break
            }
            let count = buffer.withUnsafeMutableBytes { Foundation.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            state.withLock { $0.output.append(buffer[..<count]) }
        }
        close(descriptor)
        state.withLock { $0.isOutputOver = true }
    }
}

// MARK: - Starting

extension OutsideProcess {
    private static func makePipe() throws(Failure) -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw Failure(code: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    private static func spawn(
        _ words: [String],
        _ directory: String,
        _ environment: [String: String],
        output: Int32
    ) throws(Failure) -> pid_t {
        guard let program = words.first, !words.contains(where: { $0.utf8.contains(0) }) else {
            throw Failure(code: EINVAL)
        }
        let isRelative = program.contains("/") && !program.hasPrefix("/")
        let path = isRelative ? "\(directory)/\(program)" : program
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
            var attributes: posix_spawnattr_t?
        #else
            var actions = posix_spawn_file_actions_t()
            var attributes = posix_spawnattr_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO)
        guard SpawnExtensions.changeDirectory(&actions, directory) else { throw Failure(code: ENOSYS) }
        var flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
        #if canImport(Darwin)
            flags |= POSIX_SPAWN_CLOEXEC_DEFAULT
        #else
            // Not everything that is open here was opened to be closed on exec.
            SpawnExtensions.closeDescriptors(&actions, from: 3)
        #endif
        posix_spawnattr_setflags(&attributes, Int16(flags))
        posix_spawnattr_setpgroup(&attributes, 0)
        // What is ignored here, SIGPIPE and SIGINT, would be ignored there.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        for signal in [SIGKILL, SIGSTOP] { sigdelset(&signals, signal) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        let arguments = CStrings([path] + words.dropFirst())
        let variables = CStrings(environment.map { "\($0.key)=\($0.value)" })
        var identifier: pid_t = 0
        let code = posix_spawnp(&identifier, path, &actions, &attributes, arguments.pointers, variables.pointers)
        withExtendedLifetime((arguments, variables)) {}
        guard code == 0 else { throw Failure(code: code) }
        return identifier
    }
}

/// Strings as C wants a list of them, with a null at its end.
private final class CStrings {
    let pointers: [UnsafeMutablePointer<CChar>?]

    init(_ strings: [String]) {
        pointers = strings.map { strdup($0) } + [nil]
    }

    deinit {
        for pointer in pointers { free(pointer) }
    }
}
