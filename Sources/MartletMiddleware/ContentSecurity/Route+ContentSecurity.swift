import MartletHTTP
public import MartletRouting

extension Route {
    /// Puts a policy in the place of the site's; see ``ContentSecurity``.
    ///
    /// ```swift
    /// path("editor/", editor).contentSecurity([.defaultSrc: [.selfOrigin], .styleSrc: [.unsafeInline]])
    /// path("legacy/", legacy).contentSecurity(nil)
    /// ```
    ///
    /// - Parameter policy: `nil` for none. What is only reported stays: ``contentSecurityReportOnly(_:)``.
    public func contentSecurity(_ policy: ContentSecurityPolicy?) -> Route {
        setting(PolicyOfRoute.self, to: PolicyChoice(policy: policy.map(RenderedPolicy.init)))
    }

    /// Puts a policy that is only reported in the place of the site's.
    ///
    /// - Parameter policy: `nil` for none.
    public func contentSecurityReportOnly(_ policy: ContentSecurityPolicy?) -> Route {
        setting(ReportOnlyPolicyOfRoute.self, to: PolicyChoice(policy: policy.map(RenderedPolicy.init)))
    }
}

/// What a route says about its policy.
struct PolicyChoice: Sendable {
    let policy: RenderedPolicy?
}

/// The policy that is kept to, in a route's storage.
enum PolicyOfRoute: RequestStorageKey {
    typealias Value = PolicyChoice
}

/// The policy that is only reported, in a route's storage.
enum ReportOnlyPolicyOfRoute: RequestStorageKey {
    typealias Value = PolicyChoice
}
