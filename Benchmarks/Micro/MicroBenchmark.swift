import Measuring

/// Measures small pieces of the framework, without sockets, and prints one JSON object a line for the driver.
///
/// `MicroBenchmark SUBJECT …`; a subject is a file of its own.
@main enum MicroBenchmark {
    static func main() async throws {
        try await measure([
            "middleware": middlewareOperations, "routing": routingOperations, "tracing": tracingOperations,
        ])
    }
}
