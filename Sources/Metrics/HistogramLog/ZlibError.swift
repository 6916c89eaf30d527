/// What zlib does not do: there is no memory, or its library is another than the one that was built with.
struct ZlibError: Error, CustomStringConvertible {
    let code: Int32

    var description: String { "zlib failed with code \(code)" }
}
