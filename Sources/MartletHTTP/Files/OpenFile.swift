import FoundationEssentials
import Glibc

/// A regular file that is open for reading; closed when the last reference goes.
///
/// ```swift
/// guard let file = try await OpenFile.open("2026/report.pdf", below: "/srv/reports") else { throw HTTPError(.notFound) }
/// return .file(file, to: request)
/// ```
///
/// Size and date are those of the moment it was opened.
public final class OpenFile: Sendable {
    /// The last part of the path.
    public let name: String

    /// The size in bytes.
    public var size: Int { identity.size }

    /// A strong entity tag, made of size and date, and the date of the last change.
    public let validators: Validators

    /// Belongs to this object, which closes it.
    package let descriptor: Int32

    package let identity: FileIdentity

    /// The date of the last change, as `Last-Modified` has it.
    let lastModified: String

    /// Opens a file, following symbolic links; this waits for the disk.
    ///
    /// - Parameter path: Not a text of a user, who could name any file of the system: for that there is
    ///   ``open(_:below:)``.
    /// - Throws: ``FileError`` when there is no such file, it may not be read, or it is no regular file.
    public convenience init(path: String) throws(FileError) {
        // A pipe must not wait for its other end: O_NONBLOCK means nothing to a regular file.
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw FileError(.opening, path, code: errno) }
        guard let identity = FileIdentity(descriptor: descriptor) else {
            close(descriptor)
            throw FileError(.opening, path, code: EISDIR)
        }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        self.init(descriptor, identity, name: name, tagSuffix: "")
    }

    /// Takes over an open descriptor.
    ///
    /// - Parameter tagSuffix: Tells this representation's entity tag from those of others of the same resource.
    init(_ descriptor: Int32, _ identity: FileIdentity, name: String, tagSuffix: String) {
        self.descriptor = descriptor
        self.identity = identity
        self.name = name
        let (time, size) = (identity.modified, identity.size)
        let tag = [time.seconds, time.nanoseconds, size].map { String($0, radix: 16) }.joined(separator: "-")
        // The file system may hold dates that no header field can say, or that lie in the future (RFC 9110 §8.8.2.1).
        let date = HTTPDate(secondsSince1970: min(time.seconds, Glibc.time(nil)))
        lastModified = date.description
        validators = Validators(
            eTag: EntityTag(unchecked: tag + tagSuffix),
            lastModified: Date(timeIntervalSince1970: Double(date.secondsSince1970)))
    }

    deinit { close(descriptor) }
}

/// A part of an open file.
public struct FileRegion: Sendable {
    /// The file, open as long as the region lives.
    public let file: OpenFile

    /// The bytes, counted from the beginning of the file.
    public let range: Range<Int>

    /// Makes a region.
    ///
    /// - Parameter range: All of the file unless told; what lies beyond its end is cut off.
    public init(_ file: OpenFile, _ range: Range<Int>? = nil) {
        self.file = file
        let whole = 0..<file.size
        self.range = range?.clamped(to: whole) ?? whole
    }
}
