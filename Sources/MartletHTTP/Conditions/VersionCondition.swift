package import FoundationEssentials

/// What is known of the current version before a view runs.
package struct VersionCondition {
    /// `nil` when there is no version yet.
    private let current: Validators?

    package init(_ tag: EntityTag?, _ date: Date?) {
        current = tag == nil && date == nil ? nil : Validators(eTag: tag, lastModified: date)
    }

    /// The answer that needs no view; `nil` when the view has to answer.
    package func answer(to request: Request) throws(HTTPError) -> Response? {
        switch request.preconditionOutcome(for: current) {
        case .met: nil
        case .notModified: complete(Response(status: .notModified), for: request)
        case .failed: throw .anotherVersion
        }
    }

    package func complete(_ response: Response, for request: Request) -> Response {
        guard let current, response.status.isSuccess || response.status == .notModified else { return response }
        return response.validated(by: current, for: request)
    }
}
