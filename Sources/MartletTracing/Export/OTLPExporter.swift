package import MartletLogging
import MartletTransfer

/// Sends spans as OTLP over HTTP, in JSON.
///
/// Source: [OTLP/HTTP](https://opentelemetry.io/docs/specs/otlp/#otlphttp).
package struct OTLPExporter: Sendable {
    /// Where to: the whole address, such as `http://collector:4318/v1/traces`.
    package let endpoint: String
    /// Fields such as `Authorization`, whose values are secrets.
    package let headers: [(name: String, value: Secret<String>)]
    /// How long a batch may take.
    package let timeout: Duration
    /// What the spans come from, such as `service.name`.
    package let resource: [SpanAttribute]

    private let queue = TransferQueue(label: "martlet.tracing")

    package init(
        endpoint: String, headers: [(name: String, value: Secret<String>)] = [], timeout: Duration = .seconds(10),
        resource: [SpanAttribute]
    ) {
        self.endpoint = endpoint
        self.headers = headers
        self.timeout = timeout
        self.resource = resource
    }

    /// Sends spans.
    ///
    /// - Throws: `TransferError` when there is no answer; ``OTLPRefusal`` for another answer than 200.
    @Sendable package func send(_ spans: [Span]) async throws {
        let transfer = HTTPTransfer(
            url: endpoint,
            headers: [("Content-Type", "application/json")] + headers.map { ($0.name, $0.value.revealed) },
            body: try OTLPText.json(spans, resource: resource), timeout: timeout)
        let answer = try await queue.send(transfer)
        guard answer.status == 200 else {
            throw OTLPRefusal(
                status: answer.status, answer: String(decoding: answer.content.prefix(200), as: UTF8.self))
        }
    }
}

/// The receiver of spans has not taken them.
package struct OTLPRefusal: Error, Sendable, CustomStringConvertible {
    package let status: Int
    package let answer: String

    package var description: String {
        "The receiver at OTEL_EXPORTER_OTLP_ENDPOINT answered \(status): \(answer). Look whether it takes OTLP in JSON."
    }
}
