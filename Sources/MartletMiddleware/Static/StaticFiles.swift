import MartletHTTP
public import MartletRouting

/// Serves the files of some directories: style sheets, scripts, pictures of the site itself.
///
/// ```swift
/// let siteURLs = URLs {
///     include("", blogURLs)
///     serveStatic(directories: ["Static"], caching: .immutable())
/// }
/// ```
///
/// Only regular files are served, to `GET` and `HEAD`: no directories, no names that begin with a dot, nothing that is
/// reached through a symbolic link below the directories, nothing outside of them. Conditions and ranges of the request
/// are kept to as ``MartletHTTP/Response/file(_:to:contentType:)`` does.
///
/// Beside `site.css` there may be `site.css.br` and `site.css.gz`, the same compressed: a client that accepts one of them
/// gets it, unless it is older than the file itself.
///
/// A change of a file is seen by the next request.
///
/// - Parameters:
///   - prefix: The beginning of the paths; ends with `/`.
///   - directories: Where the files are; the first that has a file wins.
///   - caching: What clients and caches may do with the files.
///   - precompressed: Whether `.br` and `.gz` files are looked for.
///   - name: The name to reverse by, with the file as its parameter.
///   - file: The place of the declaration; leave it out.
///   - line: The line of the declaration; leave it out.
public func serveStatic(
    prefix: String = "static/", directories: [String], caching: FileCaching = .revalidate, precompressed: Bool = true,
    name: String = "static", file: String = #fileID, line: Int = #line
) -> Route {
    let folder = ServedFolder(
        FileSearch(directories: directories, codings: precompressed ? [.brotli, .gzip] : []), caching: caching)
    return folder.route(prefix, name: name, file: file, line: line)
}

/// Serves what users have uploaded.
///
/// ```swift
/// serveMedia(directory: "/srv/media")
/// ```
///
/// As ``serveStatic(prefix:directories:caching:precompressed:name:file:line:)``, without compressed files, and so that an
/// upload cannot act in the site's name: only pictures, sound, video, plain text and PDF are shown; all else, SVG too, is
/// sent as `Content-Disposition: attachment`, and what a page could run or lay itself out by (HTML, XML, scripts, style
/// sheets) as `application/octet-stream` besides. This counts on `X-Content-Type-Options: nosniff`, which
/// ``SecurityHeaders`` sets. A host of its own for uploads is safer still.
///
/// Everyone who knows the address gets the file. For files that not everyone may read, write a view:
/// ``MartletHTTP/OpenFile/open(_:below:)`` and ``MartletHTTP/Response/file(_:to:contentType:)``.
///
/// - Parameters:
///   - prefix: The beginning of the paths; ends with `/`.
///   - directory: Where the files are.
///   - caching: What clients and caches may do with the files.
///   - name: The name to reverse by, with the file as its parameter.
///   - file: The place of the declaration; leave it out.
///   - line: The line of the declaration; leave it out.
public func serveMedia(
    prefix: String = "media/", directory: String, caching: FileCaching = .revalidate, name: String = "media",
    file: String = #fileID, line: Int = #line
) -> Route {
    let folder = ServedFolder(
        FileSearch(directories: [directory], codings: []), caching: caching, isUntrusted: true)
    return folder.route(prefix, name: name, file: file, line: line)
}

/// Makes responses of the files that a search finds.
struct ServedFolder: Sendable {
    private let search: FileSearch
    private let caching: FileCaching
    /// The files are of strangers.
    private let isUntrusted: Bool
    private let cache = FoundFileCache()

    init(_ search: FileSearch, caching: FileCaching, isUntrusted: Bool = false) {
        self.search = search
        self.caching = caching
        self.isUntrusted = isUntrusted
    }

    func route(_ prefix: String, name: String, file: String, line: Int) -> Route {
        path(
            prefix + "<path:file>", { request, path in try await response(to: request, path) }, name: name, file: file,
            line: line
        ).methods(.get)
    }

    private func response(to request: Request, _ path: String) async throws -> Response {
        guard let found = try await find(path, for: request) else {
            throw HTTPError(.notFound, "There is no file '\(path)'.")
        }
        let (file, coding) = found.best(for: request.acceptedCodings)
        var response = Response.file(file, to: request, contentType: sentType(of: found.type))
        guard response.status.isSuccess || response.status == .notModified else { return response }
        response.headers.setUnchecked(.cacheControl, caching.field(found.original.name))
        if found.hasVariants { response.headers.addVary(.acceptEncoding) }
        guard response.status.isSuccess else { return response }
        if coding != .identity { response.headers.setUnchecked(.contentEncoding, coding.description) }
        if isUntrusted, !found.type.isPassive { response.headers.setUnchecked(.contentDisposition, "attachment") }
        return response
    }

    /// The file, from among those that are open while it has not changed. Asking for that takes a system call or two, which
    /// wait for no disk: the system keeps in memory what leads to an open file.
    private func find(_ path: String, for request: Request) async throws -> FoundFile? {
        let asksForVariants = request.headers.contains(.acceptEncoding)
        if let known = cache[path], search.isCurrent(known, path, withVariants: asksForVariants) { return known }
        let found = try await OpenFile.away { try search.find(path) }
        cache[path] = found
        return found
    }

    private func sentType(of type: MediaType) -> MediaType {
        isUntrusted && type.isActive ? .octetStream : type
    }
}
