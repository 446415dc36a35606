public import MartletTemplates

/// Something that the user is told once, on the next page that shows messages.
public struct Message: Sendable, Hashable {
    /// How important it is.
    public let level: MessageLevel

    /// What it says.
    public let text: String

    /// Whether ``text`` is HTML, which templates write as it is.
    public let isHTML: Bool

    /// Further tags for the style sheet, with spaces; `nil` where Django had none.
    public let extraTags: String?

    /// The tag of the level; empty for a level without one.
    public internal(set) var levelTag: String

    /// Makes a message.
    public init(
        _ level: MessageLevel, _ text: String, extraTags: String? = "", isHTML: Bool = false, levelTag: String? = nil
    ) {
        self.level = level
        self.text = text
        self.extraTags = extraTags
        self.isHTML = isHTML
        self.levelTag = levelTag ?? MessageLevel.standardTags[level] ?? ""
    }

    /// The extra tags and that of the level, with a space between them.
    public var tags: String {
        [extraTags ?? "", levelTag].filter { !$0.isEmpty }.joined(separator: " ")
    }
}

/// `{{ message }}`, `{{ message.tags }}`, `{{ message.level }}`, `{{ message.level_tag }}`, `{{ message.extra_tags }}`.
extension Message: TemplateObject {
    /// The text.
    public var templateText: String { text }

    /// The text, where it is HTML.
    public var templateHTML: String? { isHTML ? text : nil }

    /// The members that templates know from Django.
    public func templateMember(_ name: String) -> TemplateValue? {
        switch name {
        case "message": isHTML ? .safe(text) : .string(text)
        case "tags": .string(tags)
        case "level": .int(level.rawValue)
        case "level_tag": .string(levelTag)
        case "extra_tags": extraTags.map { .string($0) } ?? .null
        default: nil
        }
    }
}
