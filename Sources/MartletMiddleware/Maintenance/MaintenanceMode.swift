public import MartletHTTP
import MartletValues

/// Answers 503 with `Retry-After` while the site is being maintained.
///
/// ```swift
/// MaintenanceMode(file: "maintenance.on", exemptPaths: ["/live/"], exemptAddresses: ["10.0.0.0/8"].compactMap(AddressRange.init))
/// ```
///
/// `touch maintenance.on` switches it on, `rm maintenance.on` off, without a restart: the file is looked for once a second
/// at most, away from the worker.
///
/// The page is the site's `503.html` where it has one, and JSON where the client prefers it. No error is reported: nothing
/// has gone wrong.
public struct MaintenanceMode: OrderedMiddleware {
    private let isOn: Bool
    private let file: MaintenanceFile?
    private let retryAfter: Duration
    private let exemptPaths: [PathRule]
    private let exemptAddresses: [AddressRange]

    /// Makes the layer.
    ///
    /// - Parameters:
    ///   - isOn: Whether it is on, file or not.
    ///   - file: The path of the file that switches it on by being there.
    ///   - retryAfter: When clients are told to come again, in whole seconds; in ten minutes unless told.
    ///   - exemptPaths: Paths that are served all the same.
    ///   - exemptAddresses: Clients who are served all the same, such as those who look whether all is well again.
    public init(
        isOn: Bool = false, file: String? = nil, retryAfter: Duration = .seconds(600), exemptPaths: [PathRule] = [],
        exemptAddresses: [AddressRange] = []
    ) {
        self.init(
            isOn: isOn, file: file.map { MaintenanceFile(path: $0) }, retryAfter: retryAfter, exemptPaths: exemptPaths,
            exemptAddresses: exemptAddresses)
    }

    init(
        isOn: Bool = false, file: MaintenanceFile?, retryAfter: Duration = .seconds(600), exemptPaths: [PathRule] = [],
        exemptAddresses: [AddressRange] = []
    ) {
        self.isOn = isOn
        self.file = file
        self.retryAfter = retryAfter
        self.exemptPaths = exemptPaths
        self.exemptAddresses = exemptAddresses
    }

    /// Nothing that needs the database may stand further out.
    public static let order: [MiddlewareOrder] = [
        .inside(ForwardedHeaders.self, because: "a proxy tells the client's address"),
        .inside(RequestLog.self, because: "requests that are turned away are to be logged, too"),
        .outside(CSRFProtection.self, because: "a form is turned away for the maintenance, whatever its token"),
    ]

    /// Answers the request, or turns it away.
    ///
    /// - Throws: ``MaintenanceError``.
    public func respond(to request: Request, next: Handler) async throws -> Response {
        var isOn = isOn
        if !isOn, let file { isOn = await file.isThere() }
        guard isOn, !isExempt(request) else { return try await next(request) }
        throw MaintenanceError(retryAfter: retryAfter)
    }

    private func isExempt(_ request: Request) -> Bool {
        if exemptPaths.contains(where: { $0.contains(request.path) }) { return true }
        if ProbeRoute.isAskedFor(by: request) { return true }
        guard !exemptAddresses.isEmpty, let address = IPAddress(request.clientAddress) else { return false }
        return exemptAddresses.contains { $0.contains(address) }
    }
}

/// The site is being maintained.
public struct MaintenanceError: HTTPResponseError, CustomStringConvertible {
    /// When clients may come again.
    public let retryAfter: Duration

    /// 503.
    public var status: HTTPStatus { .serviceUnavailable }

    /// That the site is being maintained.
    public var message: String { "The site is being maintained. Please try again later." }

    /// `Retry-After`, and that nobody may keep the page.
    public var headers: Headers {
        var headers = Headers()
        headers.addMissing([
            Headers.Field(name: .retryAfter, value: "\(max(0, retryAfter.components.seconds))"),
            Headers.Field(name: .cacheControl, value: "no-store"),
        ])
        return headers
    }

    /// No: nothing has gone wrong.
    public var isReported: Bool { false }

    /// That the site is being maintained.
    public var description: String { message }
}
