import FoundationEssentials
import MartletJSON

/// Which name each static file has in production: what `manage collectstatic` has written beside the files.
///
/// Source: [Django, `ManifestStaticFilesStorage`](
/// https://docs.djangoproject.com/en/5.2/ref/contrib/staticfiles/#manifeststaticfilesstorage); the file is the same.
package struct StaticManifest: Sendable, Hashable {
    /// The manifest's name in the folder of collected files.
    package static let fileName = "staticfiles.json"

    /// The names with the hash of the content, by those without.
    package let names: [String: String]

    /// Reads a manifest.
    ///
    /// - Returns: `nil` where no files were collected.
    /// - Throws: ``StaticManifestError`` when it is there and cannot be understood.
    package init?(folder: String) throws(StaticManifestError) {
        let path = "\(folder)/\(Self.fileName)"
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        guard let file = try? JSON.decode(File.self, from: Array(data)) else { throw StaticManifestError(path: path) }
        names = file.paths
    }

    private struct File: Decodable {
        let paths: [String: String]
    }
}

/// A manifest that is none.
package struct StaticManifestError: Error, Sendable, CustomStringConvertible {
    let path: String

    /// The path, and what to do.
    package var description: String {
        "'\(path)' is no manifest of static files. Run manage collectstatic again, or remove it."
    }
}
