/// What is wrong, before it is known where: thrown by filters, tags and members of objects.
///
/// The engine adds the template, the line and the tag and throws a ``TemplateError``.
public struct TemplateProblem: Error, Sendable, CustomStringConvertible {
    /// What happened.
    public let problem: String
    /// What to do about it; may be empty.
    public let remedy: String
    let kind: TemplateError.Kind

    /// - Parameters:
    ///   - problem: What happened, as a sentence.
    ///   - remedy: What to do about it, as a sentence.
    public init(_ problem: String, remedy: String = "") {
        self.init(problem, remedy: remedy, kind: .rendering)
    }

    init(_ problem: String, remedy: String, kind: TemplateError.Kind) {
        self.problem = problem
        self.remedy = remedy
        self.kind = kind
    }

    static func syntax(_ problem: String, _ remedy: String) -> TemplateProblem {
        TemplateProblem(problem, remedy: remedy, kind: .syntax)
    }

    /// Both sentences.
    public var description: String { remedy.isEmpty ? problem : problem + " " + remedy }
}

/// A template that cannot be found, understood or rendered: where, why, and what to do.
public struct TemplateError: Error, Sendable, CustomStringConvertible {
    /// What kind of error it is.
    public struct Kind: Sendable, Equatable {
        private let name: String
        /// The template's text breaks a rule of the language.
        public static let syntax = Kind(name: "syntax")
        /// No loader has the template.
        public static let notFound = Kind(name: "notFound")
        /// A loader could not read the template.
        public static let unreadable = Kind(name: "unreadable")
        /// A name has no value and the engine treats that as an error.
        public static let undefined = Kind(name: "undefined")
        /// A value, filter or tag failed while rendering.
        public static let rendering = Kind(name: "rendering")
        /// Templates include or extend each other without end, or nest too deeply.
        public static let recursion = Kind(name: "recursion")
    }

    /// What kind of error it is.
    public let kind: Kind
    /// The template's name.
    public let template: String
    /// The line, counted from 1; 0 if the template as a whole is meant.
    public let line: Int
    /// The tag or variable as it stands in the template; empty if the template as a whole is meant.
    public let tag: String
    /// What happened.
    public let problem: String
    /// What to do about it; may be empty.
    public let remedy: String
    /// The error of the application that stopped the rendering, if there was one.
    public let cause: (any Error)?

    /// `blog/detail.html:12: {{ post.author.name }}: What happened. What to do.`
    public var description: String {
        var place = line > 0 ? "\(template):\(line): " : "\(template): "
        if !tag.isEmpty { place += "\(tag): " }
        return place + (remedy.isEmpty ? problem : problem + " " + remedy)
    }
}

/// A place in a template.
struct Origin: Sendable {
    let template: String
    let line: Int
    /// The tag or variable with its braces.
    let text: String

    /// `error` with this place, unless it already has one.
    func locate(_ error: any Error) -> TemplateError {
        switch error {
        case let error as TemplateError: error
        case let error as TemplateProblem:
            TemplateError(
                kind: error.kind, template: template, line: line, tag: text, problem: error.problem,
                remedy: error.remedy, cause: nil)
        default:
            TemplateError(
                kind: .rendering, template: template, line: line, tag: text, problem: "\(error)", remedy: "",
                cause: error)
        }
    }
}
