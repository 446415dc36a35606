/// A template as it was rendered, with those that it has included, as debug tools show it.
package struct RenderedTemplate: Sendable {
    /// The template's name.
    package let name: String
    /// The templates that it extends, the nearest first.
    package let parents: [String]
    /// The names that it was given: all of the context, or those that stand behind `with`.
    package let names: [String]
    /// How long it took, with all that it includes.
    package let duration: Duration
    /// Whether it ended with an error.
    package let hasFailed: Bool
    /// What it has included, in order.
    package let includes: [RenderedTemplate]
}

/// Hears how templates of a task are rendered, by an engine that has an observer.
package struct TemplateListener: Sendable {
    /// The listener of the current task; an engine without an observer does not look for it.
    @TaskLocal package static var current: TemplateListener?

    let hear: @Sendable (RenderedTemplate) -> Void

    /// - Parameter hear: Called after each rendering, on the task that asked for it.
    package init(_ hear: @escaping @Sendable (RenderedTemplate) -> Void) { self.hear = hear }
}

/// The templates of one rendering that have begun, and those within them that have ended.
struct TemplateTrace {
    private struct Open {
        let name: String
        let names: [String]
        let start: ContinuousClock.Instant
        var parents: [String] = []
        var includes: [RenderedTemplate] = []
    }

    private let now: @Sendable () -> ContinuousClock.Instant
    private var open: [Open] = []
    /// A loop may include thousands; what is beyond this is left out.
    private var room = 500
    private(set) var root: RenderedTemplate?

    init(now: @escaping @Sendable () -> ContinuousClock.Instant) { self.now = now }

    mutating func begin(_ name: String, names: [String]) {
        open.append(Open(name: name, names: names, start: now()))
    }

    mutating func found(parents: [String]) {
        guard !open.isEmpty else { return }
        open[open.count - 1].parents = parents
    }

    /// Ends the innermost template.
    mutating func end(hasFailed: Bool) {
        guard let ended = open.popLast() else { return }
        let rendered = RenderedTemplate(
            name: ended.name, parents: ended.parents, names: ended.names, duration: ended.start.duration(to: now()),
            hasFailed: hasFailed, includes: ended.includes)
        if open.isEmpty {
            root = rendered
        } else if room > 0 {
            room -= 1
            open[open.count - 1].includes.append(rendered)
        }
    }
}
