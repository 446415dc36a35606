/// What a statement does to those that come behind it on the same connection.
enum NeighbourEffect: Sendable, Hashable {
    /// Reads, and waits for nobody but a change of the tables themselves.
    case read
    /// Writes, or locks rows, and so may wait for another transaction.
    case write
    /// May change the session, or is not known; has the connection for itself.
    case other

    /// Reads the effect off the text of one statement. Where it is in doubt, such as with a word in quotation marks,
    /// it is the one that is shared less.
    init(of sql: String) {
        let words = sql.uppercased().split { !($0.isLetter || $0.isNumber || $0 == "_") }
        // A comment might hide what follows; `WITH` and others may do anything.
        switch sql.first(where: { !$0.isWhitespace && $0 != "(" })?.isLetter == true ? words.first : nil {
        // Functions that wait for a lock, and keep it for the session, and those that change settings.
        case "SELECT" where words.contains { $0.contains("ADVISORY") || $0 == "SET_CONFIG" }: self = .other
        case "SELECT" where words.contains("INTO") || Self.locksRows(words): self = .write
        case "SELECT", "VALUES": self = .read
        case "INSERT", "UPDATE", "DELETE", "MERGE": self = .write
        default: self = .other
        }
    }

    /// `FOR UPDATE`, `FOR NO KEY UPDATE`, `FOR SHARE`, `FOR KEY SHARE`.
    private static func locksRows(_ words: [Substring]) -> Bool {
        zip(words, words.dropFirst()).contains { $0 == "FOR" && ["UPDATE", "NO", "SHARE", "KEY"].contains($1) }
    }
}
