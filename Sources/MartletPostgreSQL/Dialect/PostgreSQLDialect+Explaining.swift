public import MartletORM

extension PostgreSQLDialect {
    /// `EXPLAIN (ANALYZE, FORMAT JSON)`.
    public func explain(_ options: ExplainOptions) throws(ORMError) -> String {
        var words: [String] = []
        if options.analyze { words.append("ANALYZE") }
        if options.verbose { words.append("VERBOSE") }
        if options.buffers { words.append("BUFFERS") }
        words.append("FORMAT \(options.format.name)")
        return "EXPLAIN (\(words.joined(separator: ", "))) "
    }
}
