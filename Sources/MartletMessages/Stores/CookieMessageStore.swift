public import FoundationEssentials
public import MartletHTTP
import MartletJSON
public import MartletSigning

/// Keeps messages in a signed cookie, as Django's `CookieStorage` does: both read each other's.
///
/// The user can read them, and not change them. Where the room does not suffice the oldest are lost.
public struct CookieMessageStore: MessageStore {
    /// The cookie, which ends with the browser; its value is filled in.
    public var cookie: Cookie

    /// How long its value may be, in bytes: some servers take 4096 for all headers together.
    public var limit = 2_048

    private let keys: SigningKeys?
    private let now: @Sendable () -> Date

    /// Makes a store.
    ///
    /// - Parameters:
    ///   - cookie: What sets the cookie apart.
    ///   - keys: What it is signed with; the keys of the task's site unless told.
    ///   - now: The time that is signed with it; the system's unless told.
    public init(
        cookie: Cookie = Cookie("messages", "", isHTTPOnly: true, sameSite: .lax), keys: SigningKeys? = nil,
        now: @escaping @Sendable () -> Date = { .now }
    ) {
        self.cookie = cookie
        self.keys = keys
        self.now = now
    }

    /// The messages of the cookie; none where it cannot be read.
    ///
    /// - Throws: `SigningError` without keys.
    public func load(for request: Request) throws -> StoredMessages {
        guard let text = request.cookies[cookie.name], !text.isEmpty else { return StoredMessages() }
        do {
            let value = try signer().loads(JSONValue.self, from: text, limits: Self.limits, at: now())
            guard let (messages, isComplete) = MessageCoding.messages(value) else {
                return StoredMessages(isInCookie: true)
            }
            return StoredMessages(messages, isComplete: isComplete, isInCookie: true)
        } catch is BadSignature {
            return StoredMessages(isInCookie: true)
        }
    }

    /// Sets the cookie, or deletes it where there is nothing to store and the client has one.
    ///
    /// - Throws: `SigningError` without keys.
    public func save(
        _ messages: [Message], replacing stored: StoredMessages, for request: Request, in response: inout Response
    ) throws -> [Message] {
        try save(messages, replacing: stored, in: &response, keepsOldest: false)
    }

    /// - Parameter keepsOldest: Which to keep where there is no room for all.
    func save(
        _ messages: [Message], replacing stored: StoredMessages, in response: inout Response, keepsOldest: Bool
    ) throws -> [Message] {
        guard !messages.isEmpty else {
            if stored.isInCookie { try delete(in: &response) }
            return []
        }
        let signer = try signer()
        let all = try sign(messages[...], isComplete: true, signer)
        if all.utf8.count <= limit {
            try set(all, in: &response)
            return []
        }
        let kept = try longestFitting(messages, keepsOldest, signer)
        try set(try sign(kept, isComplete: false, signer), in: &response)
        return Array(keepsOldest ? messages[kept.endIndex...] : messages[..<kept.startIndex])
    }

    /// As many messages as there is room for, from one end.
    private func longestFitting(
        _ messages: [Message], _ keepsOldest: Bool, _ signer: TimestampSigner
    ) throws -> ArraySlice<Message> {
        var (least, most) = (0, messages.count)
        while least < most {
            let count = (least + most + 1) / 2
            let slice = keepsOldest ? messages.prefix(count) : messages.suffix(count)
            if try sign(slice, isComplete: false, signer).utf8.count <= limit {
                least = count
            } else {
                most = count - 1
            }
        }
        return keepsOldest ? messages.prefix(least) : messages.suffix(least)
    }

    private func sign(_ messages: ArraySlice<Message>, isComplete: Bool, _ signer: TimestampSigner) throws -> String {
        try signer.dumps(json: MessageCoding.json(messages, isComplete: isComplete), compress: true, at: now())
    }

    private func set(_ value: String, in response: inout Response) throws {
        var cookie = cookie
        cookie.value = value
        try response.setCookie(cookie)
    }

    private func delete(in response: inout Response) throws {
        try response.deleteCookie(cookie.name, path: cookie.path, domain: cookie.domain, sameSite: cookie.sameSite)
    }

    private func signer() throws -> TimestampSigner {
        try TimestampSigner(salt: "django.contrib.messages", keys: SigningKeys.given(keys).forCookies)
    }

    /// A cookie has two kilobytes, which may stand for much more when they are compressed.
    private static let limits = JSONLimits(depth: 8, bytes: 256 << 10, duplicateNames: .lastWins)
}
