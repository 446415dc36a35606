/// Content that is made after the view has returned, since a view does not wait for it.
private struct LaterContent: RequestStorageKey, Sendable {
    typealias Value = LaterContent

    let make: @Sendable () async throws -> [UInt8]
}

extension Response {
    /// Makes a response whose content is still to be made. The dispatcher does so when the view has returned, before any
    /// layer sees the response; elsewhere it is made when it is sent.
    package init(
        later make: @escaping @Sendable () async throws -> [UInt8], contentType: MediaType, status: HTTPStatus = .ok
    ) {
        self.init(status: status, body: .stream { try await $0.write(try await make()) })
        headers.setUnchecked(.contentType, contentType.description)
        storage[LaterContent.self] = LaterContent(make: make)
    }

    /// The response with its content, where that is still to be made.
    package func withContent() async throws -> Response {
        guard let later = storage[LaterContent.self] else { return self }
        var response = self
        response.storage[LaterContent.self] = nil
        response.body = .bytes(try await later.make())
        return response
    }

    /// Whether the content is still to be made.
    package var isUnfinished: Bool { storage[LaterContent.self] != nil }
}
