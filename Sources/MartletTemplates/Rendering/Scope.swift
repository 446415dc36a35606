/// The names that can be used at a place of a template.
///
/// The context that the application gave is not copied: names of loops and `{% with %}` lie on a stack above it, and
/// are found from its top.
struct Scope: Sendable {
    private struct Binding: Sendable {
        let name: Name
        var value: TemplateValue
    }

    private var context: [String: TemplateValue]
    private var showsContext = true
    private var bindings: [Binding] = []
    /// Where the innermost tag that opens a scope began.
    private var start = 0
    /// Below this nothing is seen, after `{% include … only %}`.
    private var floor = 0

    init(_ context: [String: TemplateValue]) {
        self.context = context
    }

    /// A place to come back to.
    struct Mark {
        fileprivate let count: Int
        fileprivate let start: Int
        fileprivate let floor: Int
        fileprivate let showsContext: Bool
    }

    /// Opens a scope; `isolated` ones see nothing from outside.
    mutating func open(isolated: Bool = false) -> Mark {
        let mark = Mark(count: bindings.count, start: start, floor: floor, showsContext: showsContext)
        start = bindings.count
        if isolated {
            floor = start
            showsContext = false
        }
        return mark
    }

    /// Closes the scope that gave `mark`, with all that was bound in it.
    mutating func close(_ mark: Mark) {
        bindings.removeSubrange(mark.count...)
        start = mark.start
        floor = mark.floor
        showsContext = mark.showsContext
    }

    /// Gives `name` a value in the innermost scope.
    mutating func bind(_ name: Name, _ value: TemplateValue) {
        var index = bindings.count
        while index > start {
            index -= 1
            if bindings[index].name == name {
                bindings[index].value = value
                return
            }
        }
        bindings.append(Binding(name: name, value: value))
    }

    /// Gives `name` a value in the scope that has it already, or else in the innermost one.
    mutating func rebind(_ name: Name, _ value: TemplateValue) {
        if let index = bindings.indices.last(where: { $0 >= floor && bindings[$0].name == name }) {
            bindings[index].value = value
        } else if showsContext, context[name.text] != nil {
            context[name.text] = value
        } else {
            bind(name, value)
        }
    }

    /// Adds a binding without looking for an earlier one, and tells where it is.
    mutating func push(_ name: Name) -> Int {
        bindings.append(Binding(name: name, value: .null))
        return bindings.count - 1
    }

    /// Replaces the value at the place that ``push(_:)`` told.
    mutating func replace(at place: Int, with value: TemplateValue) {
        bindings[place].value = value
    }

    func find(_ name: Name) -> TemplateValue? {
        var index = bindings.count
        while index > floor {
            index -= 1
            if bindings[index].name == name { return bindings[index].value }
        }
        return showsContext ? context[name.text] : nil
    }

    /// All names that can be seen, for "did you mean".
    var names: Set<String> {
        let bound = bindings[floor...].map(\.name.text)
        return showsContext ? Set(bound).union(context.keys) : Set(bound)
    }
}
