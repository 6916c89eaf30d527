package import NIOCore

/// Makes stamps: texts of letters and digits that a message carries so that its deliveries can be told.
///
/// The room is counted to have been sent a message as soon as the stamp is made.
package protocol StampSource: AnyObject {
    /// Appends a new stamp of a message to a room.
    ///
    /// - Parameter name: The room's name; nil: the one that the client is assigned to.
    func appendStamp(ofRoom name: String?, to buffer: inout ByteBuffer)
}
