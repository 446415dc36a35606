extension Site {
    /// Silences a finding of `manage check`, for a reason.
    ///
    /// ```swift
    /// public let site = Site(apps: [blogApp], urls: siteURLs)
    ///     .silencing("security.W008", because: "nginx redirects to HTTPS")
    /// ```
    ///
    /// Findings that are errors are silenced too, as in Django; the count of what was silenced is printed.
    ///
    /// Source: [Django, `SILENCED_SYSTEM_CHECKS`](https://docs.djangoproject.com/en/5.2/ref/settings/#silenced-system-checks).
    public func silencing(_ ids: String..., because reason: String) -> Site {
        var site = self
        for id in ids { site.silenced[id] = reason }
        return site
    }
}
