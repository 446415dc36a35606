/// Puts messages together from the bytes that a client sends, wherever they are cut.
///
/// A value without I/O. It never keeps more than one message of the largest size, and one control frame.
///
/// Source: [RFC 6455 §5.4](https://www.rfc-editor.org/rfc/rfc6455#section-5.4), §5.5, §5.6, §8.1.
package struct WebSocketMessageParser: Sendable {
    private let settings: WebSocketSettings
    private var frames: WebSocketFrameParser

    /// The message that has begun: text or binary.
    private var kind: WebSocketOpcode?
    private var content: [UInt8] = []
    private var fragments = 0
    private var check = UTF8Check()
    private var control: [UInt8] = []
    private var hasClosed = false

    /// A buffer that has grown beyond this is given back with its message.
    private static let keptCapacity = 4_096

    /// Makes a parser with the limits of the settings.
    package init(_ settings: WebSocketSettings) {
        self.settings = settings
        frames = WebSocketFrameParser(
            maximumFrameSize: min(settings.maximumFrameSize, settings.maximumMessageSize))
    }

    /// Takes what has come.
    ///
    /// - Parameters:
    ///   - bytes: What has come; it is unmasked in place.
    ///   - take: Told each event in order, also those before a violation.
    /// - Throws: ``WebSocketViolation``, after which nothing more is to be parsed.
    package mutating func parse(
        _ bytes: inout [UInt8], _ take: (WebSocketEvent) -> Void
    ) throws(WebSocketViolation) {
        var span = bytes.mutableSpan
        try span.withUnsafeMutableBytes { (bytes) throws(WebSocketViolation) in
            var offset = 0
            while !hasClosed {
                guard
                    case .piece(let header, let range, let isFirst, let isLast) = try frames.next(bytes, from: &offset)
                else { return }
                let piece = UnsafeRawBufferPointer(rebasing: bytes[range])
                if header.opcode.isControl {
                    control.append(contentsOf: piece)
                    if isLast { take(try finishControl(header.opcode)) }
                } else {
                    if isFirst { try begin(header) }
                    try append(piece)
                    if isLast, header.isFinal { take(.message(try finishMessage())) }
                }
            }
        }
    }

    /// Checks that a data frame may come now and still fits.
    private mutating func begin(_ header: WebSocketFrameHeader) throws(WebSocketViolation) {
        if header.opcode == .continuation {
            guard kind != nil else { throw .protocolError("A continuation has no message to continue.") }
        } else {
            guard kind == nil else { throw .protocolError("A message begins within another.") }
            kind = header.opcode
        }
        fragments += 1
        guard fragments <= settings.maximumFragments else {
            throw WebSocketViolation(
                .policyViolation, "A message has more than \(settings.maximumFragments) fragments.")
        }
        guard header.length <= settings.maximumMessageSize - content.count else {
            throw WebSocketViolation(
                .messageTooBig, "A message has more than \(settings.maximumMessageSize) bytes.")
        }
    }

    private mutating func append(_ piece: UnsafeRawBufferPointer) throws(WebSocketViolation) {
        if kind == .text, !check.accept(piece) { throw .invalidText("A text message is not UTF-8.") }
        content.append(contentsOf: piece)
    }

    private mutating func finishMessage() throws(WebSocketViolation) -> WebSocketMessage {
        guard check.isComplete else { throw .invalidText("A text message ends within a character.") }
        let message: WebSocketMessage =
            kind == .text ? .text(String(decoding: content, as: UTF8.self)) : .binary(content)
        content.removeAll(keepingCapacity: kind == .text && content.capacity <= Self.keptCapacity)
        kind = nil
        fragments = 0
        return message
    }

    private mutating func finishControl(_ opcode: WebSocketOpcode) throws(WebSocketViolation) -> WebSocketEvent {
        defer { control = [] }
        switch opcode {
        case .ping: return .ping(control)
        case .pong: return .pong(control)
        default:
            hasClosed = true
            return .close(try WebSocketClosing.parse(control))
        }
    }
}
