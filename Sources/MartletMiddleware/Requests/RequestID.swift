public import MartletHTTP
import MartletLogging
import Synchronization

/// Gives each request an identifier that every event of the request has.
///
/// A valid `X-Request-ID` that comes in, from a proxy or another service, is kept, so that one identifier follows a
/// request through all logs; else one of 32 hexadecimal digits is made. The response has it too.
///
/// A valid identifier has 1 to 128 letters, digits, `.`, `_` and `-`: nothing that could forge a line of a log.
public struct RequestID: OrderedMiddleware {
    private let keepsIncoming: Bool
    private let make: @Sendable () -> String

    /// Makes the layer; the outermost but for ``ForwardedHeaders``.
    ///
    /// - Parameters:
    ///   - keepsIncoming: Whether a valid identifier that comes in is kept.
    ///   - make: Makes an identifier; 32 hexadecimal digits unless told.
    public init(
        keepsIncoming: Bool = true, make: (@Sendable () -> String)? = nil
    ) {
        self.keepsIncoming = keepsIncoming
        let numbers = RequestNumbers()
        self.make = make ?? { numbers.next() }
    }

    /// The log tells the identifier.
    public static let order: [MiddlewareOrder] = [
        .outside(RequestLog.self, because: "the log tells the identifier with each request")
    ]

    /// Binds `request_id` for the request; `Logger.bind(_:)` binds more.
    public func respond(to request: Request, next: Handler) async throws -> Response {
        let incoming = keepsIncoming ? request.headers[.xRequestID].flatMap { $0.isRequestID ? $0 : nil } : nil
        let id = incoming ?? make()
        var request = request
        request.storage[RequestIDKey.self] = id
        let bindings = LogBindings(["request_id": id])
        var response = try await Logger.with(bindings) { [request] in try await next(request) }
        if response.body.runsLater {
            response.body = response.body.running { operation in
                try await Logger.with(bindings) { try await operation() }
            }
        }
        try response.headers.set(.xRequestID, id)
        return response
    }
}

/// Makes identifiers that are unique, without asking the system for randomness each time. They are no secrets: whoever
/// has seen one may guess others.
private final class RequestNumbers: Sendable {
    private let process = UInt64.random(in: 0...UInt64.max)
    private let start = UInt64.random(in: 0...UInt64.max)
    /// Counts the requests of the process, across all workers.
    private let count = Atomic<UInt64>(0)

    func next() -> String {
        let number = start &+ count.wrappingAdd(1, ordering: .relaxed).newValue
        return String(unsafeUninitializedCapacity: 32) { buffer in
            Self.write(process, to: buffer, from: 0)
            Self.write(Self.mixed(number), to: buffer, from: 16)
            return 32
        }
    }

    /// Spreads a number over all bits (the last steps of SplitMix64); different numbers stay different.
    private static func mixed(_ number: UInt64) -> UInt64 {
        var mixed = (number ^ (number >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    private static func write(_ number: UInt64, to buffer: UnsafeMutableBufferPointer<UInt8>, from start: Int) {
        for place in 0..<16 {
            let digit = UInt8(truncatingIfNeeded: number >> UInt64(60 - place * 4)) & 15
            buffer[start + place] = digit < 10 ? 0x30 + digit : 0x61 + digit - 10
        }
    }
}

private enum RequestIDKey: RequestStorageKey {
    typealias Value = String
}

extension Request {
    /// The identifier of the request; `nil` outside of ``RequestID``.
    public var id: String? { storage[RequestIDKey.self] }
}

extension String {
    fileprivate var isRequestID: Bool {
        (1...128).contains(utf8.count)
            && utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
                default: false
                }
            }
    }
}
