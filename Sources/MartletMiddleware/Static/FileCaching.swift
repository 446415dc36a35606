/// What clients and caches may do with served files: their `Cache-Control`.
///
/// ```swift
/// serveStatic(directories: ["Static"], caching: .immutable())
/// serveMedia(directory: "/srv/media", caching: .maxAge(.seconds(3_600)))
/// ```
///
/// Source: [RFC 9111 §5.2.2](https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2),
/// [RFC 8246](https://www.rfc-editor.org/rfc/rfc8246).
public struct FileCaching: Sendable {
    /// The field for a file name.
    let field: @Sendable (String) -> String

    /// Ask each time whether the copy is current; nothing that has not changed is sent again.
    public static let revalidate = FileCaching { _ in "no-cache" }

    /// Use the copy for some time without asking.
    ///
    /// - Parameter age: Counted in whole seconds.
    public static func maxAge(_ age: Duration) -> FileCaching {
        let field = "max-age=\(max(0, age.components.seconds))"
        return FileCaching { _ in field }
    }

    /// Use the copy for a year without ever asking, where the name changes with the content.
    ///
    /// - Parameters:
    ///   - isHashed: Whether a file name changes with the content; ``hasHash(_:)`` unless told.
    ///   - otherwise: What holds for other names.
    public static func immutable(
        when isHashed: @escaping @Sendable (String) -> Bool = hasHash, otherwise: FileCaching = .revalidate
    ) -> FileCaching {
        FileCaching { name in isHashed(name) ? "max-age=31536000, immutable" : otherwise.field(name) }
    }

    /// Whether a name has 12 or more hexadecimal digits between two dots, as Django's `ManifestStaticFilesStorage` makes
    /// them: `site.55e7cbb9ba48.css`.
    @Sendable public static func hasHash(_ name: String) -> Bool {
        name.split(separator: ".", omittingEmptySubsequences: false).dropFirst().dropLast().contains { piece in
            piece.utf8.count >= 12
                && piece.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        }
    }
}
