/// What holds for the body of a request; shared by all requests of a server until a route says otherwise.
package final class BodyRules: Sendable {
    /// What there is to know, as a value.
    package struct Values: Sendable {
        package var limits = RequestLimits()
        /// The pattern of the route, for messages.
        package var route: String?
        /// Whether the limit comes from the route's `bodyLimit`.
        package var isRouteLimit = false
        package var uploadDirectory: String?
    }

    private let values: Values

    /// What holds where no server and no route has said anything.
    package static let standard = BodyRules(Values())

    private init(_ values: Values) {
        self.values = values
    }

    /// Makes the rules of a server.
    package convenience init(limits: RequestLimits, uploadDirectory: String?) {
        self.init(Values(limits: limits, uploadDirectory: uploadDirectory))
    }

    package var limits: RequestLimits { values.limits }

    package var uploadDirectory: String? { values.uploadDirectory }

    /// The same rules but for a change.
    func changed(_ change: (inout Values) -> Void) -> BodyRules {
        var values = values
        change(&values)
        return BodyRules(values)
    }

    // MARK: Messages

    /// The route for a message, such as ` of '/posts/'`; nothing where it is not known.
    var place: String { values.route.map { " of '/\($0)'" } ?? "" }

    /// A body is larger than any may be.
    var bodyTooLarge: HTTPError {
        tooLarge("The request body", limits.bodyBytes, values.isRouteLimit ? "bodyLimit" : "bodyBytes")
    }

    /// A body is larger than what is collected.
    func collectionTooLarge(_ limit: Int) -> HTTPError {
        guard limit == limits.collectedBytes else { return tooLarge("The request body", limit, "collect(upTo:)") }
        return tooLarge("The request body", limit, values.isRouteLimit ? "bodyLimit" : "collectedBytes")
    }

    /// Something is larger than a limit.
    func tooLarge(_ what: String, _ limit: Int, _ rule: String, field: String? = nil) -> HTTPError {
        HTTPError(
            badInput: "\(what) is larger than the limit\(place): \(limit) bytes (\(rule)).", field: field,
            rule: .init(rule), status: .contentTooLarge)
    }
}
