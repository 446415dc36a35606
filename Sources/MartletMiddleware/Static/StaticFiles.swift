import MartletHTTP
public import MartletRouting

/// Serves the files of some directories, for development; in production a web server in front does it better.
///
/// ```swift
/// let siteURLs = URLs {
///     include("", blogURLs)
///     if settings.debug { serveStatic(directories: ["Static"]) }
/// }
/// ```
///
/// Only regular files are served: no directories, no names that begin with a dot, nothing that is reached through a
/// symbolic link below the directories, nothing outside of them. The response has an entity tag and the date of the
/// file, and is 304 when the client's copy is current.
///
/// - Parameters:
///   - prefix: The beginning of the paths; ends with `/`.
///   - directories: Where the files are; the first that has a file wins.
///   - name: The name to reverse by, with the file as its parameter.
///   - file: The place of the declaration; leave it out.
///   - line: The line of the declaration; leave it out.
public func serveStatic(
    prefix: String = "static/", directories: [String], name: String = "static", file: String = #fileID,
    line: Int = #line
) -> Route {
    let files = StaticFiles(directories: directories)
    return path(
        prefix + "<path:file>", { request, file in try await files.response(to: request, file: file) }, name: name,
        file: file, line: line
    ).methods(.get)
}

/// Finds files below some directories and makes responses of them.
struct StaticFiles: Sendable {
    let directories: [String]
    private let reader = FileReader()

    init(directories: [String]) {
        self.directories = directories
    }

    func response(to request: Request, file: String) async throws -> Response {
        guard let names = Self.names(in: file), let found = try await reader.open(names, below: directories) else {
            throw HTTPError(.notFound, "There is no static file '\(file)'.")
        }
        var response = Response()
        response.headers.setUnchecked(.eTag, found.eTag)
        response.headers.setUnchecked(.lastModified, found.modified.httpDate)
        // Development: ask each time, but send nothing that has not changed.
        response.headers.setUnchecked(.cacheControl, "no-cache")
        if request.hasCurrentCopy(eTag: found.eTag, lastModified: found.modified) {
            response.status = .notModified
            return response
        }
        response.headers.setUnchecked(.contentType, MediaType(fileName: names.last ?? "").description)
        response.body = found.body(reader)
        return response
    }

    /// The names on the way to a file; `nil` when one of them is empty, hidden, leads upwards, or is no name.
    private static func names(in file: String) -> [String]? {
        let names = file.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let areLegal = names.allSatisfy { name in
            !name.isEmpty && !name.hasPrefix(".") && !name.utf8.contains { $0 == 0 || $0 == UInt8(ascii: "\\") }
        }
        return areLegal ? names : nil
    }
}
