/// For whom an answer is good.
package enum ResponseScope: Int, Sendable, Comparable {
    /// For every client.
    case everyone
    /// For clients that send the same cookies.
    case sameCookies
    /// For the client that has asked, and only now.
    case oneAnswer

    package static func < (one: ResponseScope, other: ResponseScope) -> Bool { one.rawValue < other.rawValue }
}

/// What a layer hands to views, and that makes the answers of those who use it good for fewer clients.
///
/// A cache of answers may stand inside of the layer, where it does not see what the layer will put into their heads.
package protocol ScopedContent: Sendable {
    /// For whom an answer is good, as far as this has been used for it.
    var scope: ResponseScope { get }
}

extension RequestStorage {
    /// For whom an answer is good, as far as all that layers have handed to the view has been used for it.
    package var scope: ResponseScope {
        var scope = ResponseScope.everyone
        var next = first
        while let entry = next {
            if let content = entry.scopedContent { scope = max(scope, content.scope) }
            next = entry.next
        }
        return scope
    }
}
