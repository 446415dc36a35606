import Dispatch

/// Sends requests and mails to other machines, one after the other.
///
/// ```swift
/// let queue = TransferQueue()
/// let answer = try await queue.send(HTTPTransfer(url: "https://example.org/hook", body: json))
/// ```
///
/// libcurl blocks while it sends, so a queue has a thread of its own while it has work; a caller's task is suspended
/// meanwhile. Certificates are always checked.
public final class TransferQueue: Sendable {
    private let queue: DispatchQueue

    /// Makes a queue.
    ///
    /// - Parameter label: Its name in debuggers.
    public init(label: String = "martlet.transfer") {
        queue = DispatchQueue(label: label)
    }

    /// Sends a request.
    ///
    /// - Returns: The answer, whatever its status.
    /// - Throws: ``TransferError`` when there is none.
    public func send(_ transfer: HTTPTransfer) async throws(TransferError) -> HTTPTransfer.Answer {
        try await run { () throws(TransferError) in try transfer.perform() }
    }

    /// Hands a mail to a server.
    ///
    /// - Throws: ``TransferError`` when the server has not taken it for every recipient.
    public func send(_ transfer: SMTPTransfer) async throws(TransferError) {
        try await run { () throws(TransferError) in try transfer.perform() }
    }

    /// Connects to a server of mails, encrypts and logs in, and sends nothing.
    ///
    /// - Throws: ``TransferError`` when that fails.
    public func tryConnection(of transfer: SMTPTransfer) async throws(TransferError) {
        try await run { () throws(TransferError) in try transfer.tryConnection() }
    }

    private func run<Value: Sendable>(
        _ work: @escaping @Sendable () throws(TransferError) -> Value
    ) async throws(TransferError) -> Value {
        let result: Result<Value, TransferError> = await withCheckedContinuation { continuation in
            queue.async {
                let result: Result<Value, TransferError>
                do throws(TransferError) { result = .success(try work()) } catch { result = .failure(error) }
                continuation.resume(returning: result)
            }
        }
        return try result.get()
    }
}
