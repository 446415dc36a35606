import MartletHTTP
public import MartletRouting

/// Which sites may show a page in a frame: `X-Frame-Options`.
///
/// Source: Django, [clickjacking protection](https://docs.djangoproject.com/en/5.2/ref/clickjacking/).
public enum FrameOptions: String, Sendable {
    /// None.
    case deny = "DENY"
    /// This site itself.
    case sameOrigin = "SAMEORIGIN"
}

extension Route {
    /// Says which sites may show the page in a frame, in place of what ``SecurityHeaders`` says for the site.
    ///
    /// ```swift
    /// path("embed/<slug:video>/", embed).frameOptions(nil)          // xframe_options_exempt of Django
    /// path("preview/", preview).frameOptions(.sameOrigin)           // xframe_options_sameorigin
    /// ```
    ///
    /// - Parameter options: `nil` lets every site.
    public func frameOptions(_ options: FrameOptions?) -> Route {
        setting(FrameOptionsOfRoute.self, to: FrameOptionsOfRoute(options: options))
    }
}

/// What a route says about frames, in its storage; without it the site's rule holds.
struct FrameOptionsOfRoute: RequestStorageKey, Sendable {
    typealias Value = FrameOptionsOfRoute

    let options: FrameOptions?
}
