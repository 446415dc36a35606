import Synchronization

/// What `{% cache %}` keeps: a part of a template, by its name and what it depends on.
public struct TemplateFragment: Sendable, Hashable {
    /// The name in the tag.
    public let name: String
    /// The text of the values that follow it.
    public let arguments: [String]

    /// Makes one.
    public init(_ name: String, _ arguments: [String] = []) {
        self.name = name
        self.arguments = arguments
    }
}

/// What is known of the fragments of one page while it is rendered.
///
/// Rendering never waits, and a cache may have to be waited for. So a page whose fragments are not known yet is rendered as
/// far as it goes, the cache is asked for all of them at once, and then it is rendered again.
public final class TemplateFragments: Sendable {
    /// A fragment that was rendered because the cache has none.
    public struct Made: Sendable {
        /// Its HTML.
        public let text: String
        /// How many seconds it is to be kept; `nil` for ever.
        public let seconds: Int?
    }

    enum Finding {
        case known(String)
        case missing
        case unknown
    }

    private struct State {
        /// What the cache has said: `nil` where it has none.
        var known: [TemplateFragment: String?] = [:]
        var wanted: Set<TemplateFragment> = []
        var made: [TemplateFragment: Made] = [:]
        var oneTimeUses = 0
    }

    private let state = Mutex(State())
    private let otherUses: @Sendable () -> Int

    /// Knows nothing yet.
    ///
    /// - Parameter otherUses: How often something was used that is good in one answer only and does not note it here.
    public init(otherUses: @escaping @Sendable () -> Int = { 0 }) { self.otherUses = otherUses }

    /// The fragments that were met since the cache was asked last, and are not known.
    public var wanted: Set<TemplateFragment> { state.withLock { $0.wanted } }

    /// What is to be kept.
    public var made: [TemplateFragment: Made] { state.withLock { $0.made } }

    /// Takes what the cache has of those that were wanted.
    public func answer(_ found: [TemplateFragment: String]) {
        state.withLock { state in
            for fragment in state.wanted { state.known[fragment] = .some(found[fragment]) }
            state.wanted = []
        }
    }

    /// Notes that something was used which is good in one answer only, such as a token: a fragment with it is not kept.
    public func noteOneTimeUse() { state.withLock { $0.oneTimeUses += 1 } }

    func find(_ fragment: TemplateFragment) -> Finding {
        state.withLock { state in
            switch state.known[fragment] {
            case .some(.some(let text)): return .known(text)
            case .some(.none): return .missing
            case .none:
                state.wanted.insert(fragment)
                return .unknown
            }
        }
    }

    /// What must not change while a fragment is rendered that is to be kept: fragments within it that are not known, and
    /// uses of what is good once.
    var mark: [Int] { state.withLock { [$0.wanted.count, $0.oneTimeUses] } + [otherUses()] }

    func keep(_ fragment: TemplateFragment, _ made: Made, since mark: [Int]) {
        guard mark == self.mark else { return }
        state.withLock { state in
            state.made[fragment] = made
            // The same fragment further down is this one.
            state.known[fragment] = .some(made.text)
        }
    }
}
