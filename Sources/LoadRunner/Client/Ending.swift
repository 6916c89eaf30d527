/// How a client ended.
enum Ending {
    case finished, failed, cut
}
