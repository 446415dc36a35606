extension TemplateEngine {
    /// The text of a template, for whoever shows where in it something went wrong.
    ///
    /// - Returns: `nil` when no loader has it, or it cannot be read.
    package func source(of name: String) -> String? {
        for loader in loaders {
            if let source = try? loader.load(name) { return String(decoding: source.text, as: UTF8.self) }
        }
        return nil
    }
}
