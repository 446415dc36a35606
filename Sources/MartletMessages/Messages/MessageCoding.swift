import MartletJSON

/// Messages as Django writes them: a list of `["__json_message", 0 or 1, level, "text"(, "extra tags")]`.
///
/// Source: Django's `django.contrib.messages.storage.cookie.MessageEncoder` and `MessageDecoder`.
enum MessageCoding {
    private static let mark = "__json_message"

    /// Stands at the end of what is only the beginning of a list.
    private static let notFinished = "__messagesnotfinished__"

    /// - Parameter isComplete: Whether these are all messages that there are.
    static func json(_ messages: some Collection<Message>, isComplete: Bool = true) -> [UInt8] {
        var writer = JSONWriter(asciiOnly: true)
        writer.beginArray()
        for message in messages {
            writer.beginArray()
            writer.string(mark)
            writer.integer(message.isHTML ? 1 : 0)
            writer.integer(message.level.rawValue)
            writer.string(message.text)
            if let extraTags = message.extraTags { writer.string(extraTags) }
            writer.endArray()
        }
        if !isComplete { writer.string(notFinished) }
        writer.endArray()
        return writer.bytes
    }

    /// The messages of a list; `nil` for anything else.
    static func messages(_ value: JSONValue) -> (messages: [Message], isComplete: Bool)? {
        guard var elements = value.arrayValue else { return nil }
        let isComplete = elements.last != .string(notFinished)
        if !isComplete { elements.removeLast() }
        let messages = elements.compactMap(message)
        return messages.count == elements.count ? (messages, isComplete) : nil
    }

    private static func message(_ value: JSONValue) -> Message? {
        guard let parts = value.arrayValue, (4...5).contains(parts.count), parts[0] == .string(mark),
            let isHTML = parts[1].intValue, let level = parts[2].intValue, let text = parts[3].stringValue
        else { return nil }
        let extraTags = parts.count == 5 ? parts[4].stringValue : nil
        return Message(MessageLevel(rawValue: level), text, extraTags: extraTags, isHTML: isHTML != 0)
    }
}
