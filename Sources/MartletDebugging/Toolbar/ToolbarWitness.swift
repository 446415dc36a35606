import MartletHTTP

/// Tells the record of a request what only the innermost layer sees: whom trusted proxies ask for, and the session.
struct ToolbarWitness: Middleware {
    let networks: [AddressRange]

    func respond(to request: Request, next: Handler) async throws -> Response {
        guard let record = RequestRecord.current else { return try await next(request) }
        do {
            let response = try await next(request)
            note(request, record)
            return response
        } catch {
            note(request, record)
            throw error
        }
    }

    private func note(_ request: Request, _ record: RequestRecord) {
        let seen = RecordedRequest(request, isWelcome: request.comes(from: networks))
        record.note { $0.request = seen }
    }
}
