#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What `posix_spawn` can do beyond POSIX.
///
/// On Linux Swift does not see these functions, for its modules of the C library leave out what that declares under
/// `_GNU_SOURCE` only; so they are looked up by name. Glibc has them since 2.29 and 2.34.
enum SpawnExtensions {
    #if canImport(Darwin)
        typealias Actions = posix_spawn_file_actions_t?

        static func changeDirectory(_ actions: inout Actions, _ path: String) -> Bool {
            posix_spawn_file_actions_addchdir_np(&actions, path) == 0
        }
    #else
        typealias Actions = posix_spawn_file_actions_t
        private typealias WithText = @convention(c) (UnsafeMutableRawPointer, UnsafePointer<CChar>) -> Int32
        private typealias WithNumber = @convention(c) (UnsafeMutableRawPointer, Int32) -> Int32

        /// - Returns: Whether the new process will run there.
        static func changeDirectory(_ actions: inout Actions, _ path: String) -> Bool {
            guard let symbol = symbol("posix_spawn_file_actions_addchdir_np") else { return false }
            let function = unsafeBitCast(symbol, to: WithText.self)
            return withUnsafeMutablePointer(to: &actions) { function(UnsafeMutableRawPointer($0), path) } == 0
        }

        /// Closes all descriptors from this one on in the new process, where the system can do that.
        static func closeDescriptors(_ actions: inout Actions, from first: Int32) {
            guard let symbol = symbol("posix_spawn_file_actions_addclosefrom_np") else { return }
            let function = unsafeBitCast(symbol, to: WithNumber.self)
            _ = withUnsafeMutablePointer(to: &actions) { function(UnsafeMutableRawPointer($0), first) }
        }

        private static func symbol(_ name: String) -> UnsafeMutableRawPointer? {
            dlopen(nil, RTLD_NOW).flatMap { dlsym($0, name) }
        }
    #endif
}
