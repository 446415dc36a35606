/// How much of a request is taken, in all and into memory.
///
/// The server's settings hold the limits of every request, and a route may have its own:
///
/// ```swift
/// settings.requestLimits.files = 10
/// path("import/", importPosts).bodyLimit(50_000_000)
/// ```
///
/// Where Django has a setting for the same, its default is taken. What goes beyond a limit gets 413, or 400 where the
/// number or the form of parts is wrong; the message names the field, the limit and the route.
public struct RequestLimits: Sendable, Hashable {
    /// The largest body, in bytes, however it is read: streamed, collected, or as a form with files. 1 GiB unless told.
    public var bodyBytes = 1 << 30

    /// The most that is collected in memory, in bytes: by ``RequestBody/collect()``, and of all fields of a form
    /// together, without its files. 2.5 MiB unless told, as Django's `DATA_UPLOAD_MAX_MEMORY_SIZE`.
    public var collectedBytes = 2_621_440

    /// The most fields of a form. 1,000 unless told, as Django's `DATA_UPLOAD_MAX_NUMBER_FIELDS`.
    public var fields = 1_000

    /// The most files of a form. 100 unless told, as Django's `DATA_UPLOAD_MAX_NUMBER_FILES`.
    public var files = 100

    /// The largest file of a form, in bytes. 1 GiB unless told; Django has no such limit.
    public var fileBytes = 1 << 30

    /// The most bytes of a form's files, all together, that are kept in memory; a file that goes beyond it is written to
    /// a temporary one. 2.5 MiB unless told, as Django's `FILE_UPLOAD_MAX_MEMORY_SIZE`, which is for each file.
    public var fileMemoryBytes = 2_621_440

    /// How deep arrays and objects of JSON may nest. 128 unless told; never more than 512.
    public var jsonDepth = 128

    /// The most bytes in the header of one part of a form. 1,024 unless told, as in Django.
    public var partHeaderBytes = 1_024

    /// The most header fields of one part of a form. 16 unless told.
    public var partHeaders = 16

    /// The longest name of a field in a multipart form, in bytes of UTF-8. 255 unless told.
    public var nameBytes = 255

    /// The longest file name, in bytes of UTF-8; a longer one is shortened before its extension. 255 unless told, as in
    /// Django and most file systems.
    public var fileNameBytes = 255

    /// Makes limits with their defaults.
    public init() {}
}

extension Request {
    /// How much of this request is taken; middleware may change it before somebody reads the body.
    public var limits: RequestLimits {
        get { body.rules.limits }
        set { body.rules = body.rules.changed { $0.limits = newValue } }
    }

    /// Where files of a form that are too large for memory are written: the server's
    /// `ServerSettings.uploadDirectory`, or the system's temporary directory.
    public var uploadDirectory: String {
        get { body.rules.uploadDirectory ?? TemporaryFile.systemDirectory }
        set { body.rules = body.rules.changed { $0.uploadDirectory = newValue } }
    }

    /// Takes over what a route says about bodies, and its name for the messages.
    ///
    /// - Parameters:
    ///   - route: The route's pattern.
    ///   - bodyLimit: The most bytes of any body and of a collected one, where the route has its own limit.
    package mutating func enter(route: String, bodyLimit: Int?) {
        guard bodyLimit != nil || body.contentLength != 0 else { return }
        body.rules = body.rules.changed { rules in
            rules.route = route
            guard let bodyLimit else { return }
            rules.limits.bodyBytes = bodyLimit
            rules.limits.collectedBytes = bodyLimit
            rules.isRouteLimit = true
        }
    }
}
