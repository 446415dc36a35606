import MartletHTTP
public import MartletRouting

extension Route {
    /// Leaves the route's answers as they are; see ``ResponseCompression``. For pages that hold a secret beside what the
    /// request says, and for content that does not become shorter.
    public func uncompressed() -> Route {
        setting(UncompressedRoute.self, to: true)
    }
}

/// Whether a route's answers are left as they are, in its storage.
enum UncompressedRoute: RequestStorageKey {
    typealias Value = Bool
}
