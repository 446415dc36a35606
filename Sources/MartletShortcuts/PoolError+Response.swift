public import MartletHTTP
public import MartletORM

/// A request that found no connection is answered with 503: the site is busier than its database allows.
extension PoolError: HTTPResponseError {
    /// 503.
    public var status: HTTPStatus { .serviceUnavailable }

    /// That the site is busy; who holds the connections is nothing for clients.
    public var message: String { "The site is busy. Please try again in a moment." }

    /// `Retry-After`, and that nobody may keep the page.
    public var headers: Headers {
        var headers = Headers()
        headers.addMissing([
            Headers.Field(name: .retryAfter, value: "\(max(1, retryAfter.components.seconds))"),
            Headers.Field(name: .cacheControl, value: "no-store"),
        ])
        return headers
    }
}
