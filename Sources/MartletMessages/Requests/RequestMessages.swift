package import MartletHTTP
public import MartletTemplates
import Synchronization

/// The messages for one client: those that wait, and those that this request adds.
///
/// ```swift
/// try request.messages.success("The post was published.")
/// ```
///
/// Who walks through them has seen them: they are gone with the next response. Shared by all copies of the request.
///
/// Source: Django, [The messages framework](https://docs.djangoproject.com/en/5.2/ref/contrib/messages/).
public final class RequestMessages: Sendable {
    private struct State {
        var waiting: [Message]
        var added: [Message] = []
        var hasAdded = false
        var isRead = false
        /// How often somebody has asked what there is.
        var asks = 0
        var level: MessageLevel
    }

    /// Held to look or to note something.
    private let state: Mutex<State>
    private let tags: [MessageLevel: String]

    init(_ waiting: [Message], level: MessageLevel, tags: [MessageLevel: String]) {
        self.tags = tags
        let tagged = waiting.map { message in
            var message = message
            message.levelTag = tags[message.level] ?? ""
            return message
        }
        state = Mutex(State(waiting: tagged, level: level))
    }

    /// What is recorded from here on: messages of this level or a more important one.
    public var level: MessageLevel {
        get { state.withLock { $0.level } }
        set { state.withLock { $0.level = newValue } }
    }

    /// Adds a message, unless it is empty or below ``level``.
    ///
    /// - Parameters:
    ///   - level: How important it is.
    ///   - text: What it says.
    ///   - extraTags: Further tags for the style sheet, with spaces.
    ///   - isHTML: Whether the text is HTML, to be shown as such. Never with what users have typed.
    public func add(_ level: MessageLevel, _ text: String, extraTags: String = "", isHTML: Bool = false) {
        guard !text.isEmpty else { return }
        let message = Message(level, text, extraTags: extraTags, isHTML: isHTML, levelTag: tags[level] ?? "")
        state.withLock { state in
            guard level >= state.level else { return }
            state.added.append(message)
            state.hasAdded = true
        }
    }

    /// Adds a message for developers; see ``add(_:_:extraTags:isHTML:)``.
    public func debug(_ text: String, extraTags: String = "") { add(.debug, text, extraTags: extraTags) }

    /// Adds a message; see ``add(_:_:extraTags:isHTML:)``.
    public func info(_ text: String, extraTags: String = "") { add(.info, text, extraTags: extraTags) }

    /// Adds a message that something worked; see ``add(_:_:extraTags:isHTML:)``.
    public func success(_ text: String, extraTags: String = "") { add(.success, text, extraTags: extraTags) }

    /// Adds a message that something may go wrong; see ``add(_:_:extraTags:isHTML:)``.
    public func warning(_ text: String, extraTags: String = "") { add(.warning, text, extraTags: extraTags) }

    /// Adds a message that something failed; see ``add(_:_:extraTags:isHTML:)``.
    public func error(_ text: String, extraTags: String = "") { add(.error, text, extraTags: extraTags) }

    /// How many there are. They stay unread.
    public var count: Int {
        state.withLock { state in
            state.asks += 1
            return state.waiting.count + state.added.count
        }
    }

    /// Whether there is none. They stay unread.
    public var isEmpty: Bool { count == 0 }

    /// All messages, the oldest first. They are read now, and not kept for the next page.
    public func read() -> [Message] {
        state.withLock { state in
            state.asks += 1
            state.isRead = true
            state.waiting += state.added
            state.added = []
            return state.waiting
        }
    }

    /// What the store must hold from now on; `nil` where nothing has changed.
    var toStore: [Message]? {
        state.withLock { state in
            if state.isRead { return state.added }
            return state.hasAdded ? state.waiting + state.added : nil
        }
    }

    /// Whether the response depends on what was waiting.
    var isAsked: Bool { asks > 0 }

    /// How often somebody has asked what there is; a part of a page in which that was done is good in this page only.
    package var asks: Int { state.withLock { $0.asks } }
}

extension RequestMessages: ScopedContent {
    /// A page that shows messages, or leaves some for the next page, is nobody else's.
    package var scope: ResponseScope {
        state.withLock { state in
            if state.hasAdded || state.asks > 0 && !state.waiting.isEmpty { return .oneAnswer }
            return state.asks > 0 ? .sameCookies : .everyone
        }
    }
}

extension RequestMessages: Sequence {
    /// Walks through ``read()``.
    public func makeIterator() -> IndexingIterator<[Message]> { read().makeIterator() }
}

/// `{% if messages %}`, `{{ messages|length }}`, and `{% for message in messages %}`, which reads them.
extension RequestMessages: TemplateObject {
    /// How many there are; they stay unread.
    public var templateText: String { "\(count) messages" }

    /// None.
    public func templateMember(_ name: String) -> TemplateValue? { nil }

    /// The messages, which are read now.
    public func templateElements() -> [TemplateValue]? { read().map(\.templateValue) }

    /// How many there are.
    public var templateCount: Int? { count }

    /// Whether there are any.
    public var templateTruth: Bool { !isEmpty }

    /// What each template sees: `messages` and `DEFAULT_MESSAGE_LEVELS`, as by Django's context processor.
    package var templateContext: TemplateContext { ["messages": self, "DEFAULT_MESSAGE_LEVELS": Self.levels] }

    private static let levels: TemplateValue = [
        "DEBUG": 10, "INFO": 20, "SUCCESS": 25, "WARNING": 30, "ERROR": 40,
    ]
}
