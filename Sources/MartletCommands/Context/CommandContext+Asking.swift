import MartletSite

extension CommandContext {
    /// Who answers a question that nobody but a person can answer.
    ///
    /// - Parameter reason: A sentence about what is asked.
    /// - Throws: ``CommandError`` where nobody can be asked and `--no-input` was not said, which is an answer.
    func requireAsking(_ reason: String) throws(CommandError) -> @Sendable (String) -> String? {
        guard let ask else {
            throw CommandError("\(reason) Say --no-input where nobody can be asked.", exitCode: 2)
        }
        return ask
    }
}
