/// The texts of a model whose columns take so many characters: a text of no more bytes needs no closer look.
struct TextLimits: Sendable {
    private struct Limit: Sendable {
        /// Where the text stands in the model.
        let offset: Int
        let length: Int
    }

    private let limits: [Limit]

    /// - Returns: `nil` when something else than the length of a text is limited, too.
    init?<M: Model>(_ limits: [ColumnLimit<M>]) {
        var found: [Limit] = []
        for limit in limits {
            guard let offset = limit.textOffset, let length = limit.kind.maxLength else { return nil }
            found.append(Limit(offset: offset, length: length))
        }
        self.limits = found
    }

    /// Whether the model at an address is known to keep to the limits; `false` does not say that it breaks one.
    func areClearlyKept(at model: UnsafeRawPointer) -> Bool {
        for limit in limits {
            let text = model.advanced(by: limit.offset).assumingMemoryBound(to: String.self)
            guard text.pointee.utf8.count <= limit.length else { return false }
        }
        return true
    }
}
