import MartletHTTP
import Synchronization

/// The language of one request, selected when it is first asked for.
///
/// Shared by all copies of the request, because the answer must vary by it when any of them has asked.
final class LanguageChoice: Sendable, RequestStorageKey {
    typealias Value = LanguageChoice

    struct Selected: Sendable {
        let code: String
        /// Whether another client could get another language at the same address.
        let dependsOnClient: Bool
    }

    private let request: Request
    private let languages: SiteLanguages
    private let cookie: String?
    private let fromPath: Bool
    private let state = Mutex<Selected?>(nil)

    init(_ request: Request, _ languages: SiteLanguages, cookie: String?, fromPath: Bool) {
        self.request = request
        self.languages = languages
        self.cookie = cookie
        self.fromPath = fromPath
    }

    /// What was selected, if anybody has asked.
    var selected: Selected? { state.withLock { $0 } }

    func select() -> Selected {
        state.withLock { state in
            if let state { return state }
            let selected = make()
            state = selected
            return selected
        }
    }

    private func make() -> Selected {
        if fromPath, let code = languages.language(ofPath: request.path) {
            return Selected(code: code, dependsOnClient: false)
        }
        return Selected(code: request.language(among: languages, cookie: cookie), dependsOnClient: true)
    }
}
