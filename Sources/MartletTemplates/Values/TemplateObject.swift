/// A Swift value that can be handed to a template.
public protocol TemplateConvertible: Sendable {
    /// The value that the template sees.
    var templateValue: TemplateValue { get }
}

/// A thing with members that a template reads with a dot: a model, a form, a page of results.
///
/// ```swift
/// struct Author: TemplateObject {
///     var name: String
///
///     func templateMember(_ name: String) -> TemplateValue? {
///         name == "name" ? .string(self.name) : nil
///     }
///     var templateText: String { name }
/// }
/// ```
public protocol TemplateObject: TemplateConvertible {
    /// The member called `name`, or nil if there is none (the template then treats it as undefined).
    ///
    /// - Throws: What keeps the member from being read, for example a relation that was not loaded. The error reaches
    ///   the caller of the rendering with the template's name and line.
    func templateMember(_ name: String) throws -> TemplateValue?

    /// What `{{ thing }}` prints, before escaping.
    var templateText: String { get }

    /// What `{{ thing }}` prints if that is HTML already, as for a form; nil (the default) for ``templateText``.
    var templateHTML: String? { get throws }

    /// What `{% for x in thing %}` walks through; nil (the default) if it is not a collection.
    ///
    /// - Throws: What keeps the elements from being read.
    func templateElements() throws -> [TemplateValue]?

    /// What `thing|length` says; the number of ``templateElements()`` unless said otherwise, for what is changed by being
    /// walked through.
    ///
    /// - Throws: What keeps the elements from being read.
    var templateCount: Int? { get throws }

    /// Whether `{% if thing %}` holds; true unless said otherwise.
    var templateTruth: Bool { get throws }

    /// Whether `{% if thing == other %}` holds. Equatable things are compared as such.
    func isTemplateEqual(to other: any TemplateObject) -> Bool
}

extension TemplateObject {
    /// The thing itself.
    public var templateValue: TemplateValue { .object(self) }

    /// None: the text is escaped.
    public var templateHTML: String? { nil }

    /// None: not a collection.
    public func templateElements() throws -> [TemplateValue]? { nil }

    /// The number of elements of a collection.
    public var templateCount: Int? {
        get throws { try templateElements()?.count }
    }

    /// True, or for a collection whether it has elements.
    public var templateTruth: Bool {
        get throws { try templateElements().map { !$0.isEmpty } ?? true }
    }

    /// Compares Equatable things, and the identity of objects.
    public func isTemplateEqual(to other: any TemplateObject) -> Bool {
        if let mine = self as? any Equatable { return isEqual(mine, other) }
        guard type(of: self) is AnyObject.Type, type(of: other) is AnyObject.Type else { return false }
        return (self as AnyObject) === (other as AnyObject)
    }
}

private func isEqual<Value: Equatable>(_ left: Value, _ right: Any) -> Bool {
    (right as? Value) == left
}
