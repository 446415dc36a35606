/// A part of a Swift value that knows nothing of templates: the whole value and the way down to the part.
///
/// `Mirror` hands out children as `Any`, which cannot be proved `Sendable` again. Keeping the root, which is, and the
/// positions of the children on the way keeps the compiler's proof, at the price of walking down at each access.
struct Reflection: Sendable {
    let root: any Sendable
    let path: [Int]

    func child(_ index: Int) -> Reflection { Reflection(root: root, path: path + [index]) }

    /// The part itself.
    func part() -> Any? {
        var part: Any = root
        for index in path {
            let children = Mirror(reflecting: part).children
            guard index < children.count else { return nil }
            part = children[children.index(children.startIndex, offsetBy: index)].value
        }
        return part
    }

    /// The template's value for `part`, which is what ``part()`` gives.
    func convert(_ part: Any) -> TemplateValue {
        if let convertible = part as? any TemplateConvertible { return convertible.templateValue }
        if let choice = part as? any RawRepresentable, let raw = choice.rawValue as? any TemplateConvertible {
            return raw.templateValue
        }
        let mirror = Mirror(reflecting: part)
        switch mirror.displayStyle {
        case .optional:
            return mirror.children.first.map { child(0).convert($0.value) } ?? .null
        case .collection, .set:
            return .list(mirror.children.enumerated().map { child($0).convert($1.value) })
        case .dictionary:
            return .dictionary(TemplateDictionary(pairs(of: mirror)))
        case .enum:
            return .string(mirror.children.first?.label ?? "\(part)")
        default:
            return .object(ReflectedObject(reflection: self))
        }
    }

    private func pairs(of mirror: Mirror) -> [String: TemplateValue] {
        var values: [String: TemplateValue] = [:]
        for (index, entry) in mirror.children.enumerated() {
            let halves = Array(Mirror(reflecting: entry.value).children)
            guard halves.count == 2 else { continue }
            let way = child(index)
            values[way.child(0).convert(halves[0].value).text] = way.child(1).convert(halves[1].value)
        }
        return values
    }
}

/// A struct or tuple without ``TemplateObject``: its stored properties are found by name at run time.
struct ReflectedObject: TemplateObject {
    let reflection: Reflection

    func templateMember(_ name: String) throws -> TemplateValue? {
        guard let part = reflection.part() else { return nil }
        let mirror = Mirror(reflecting: part)
        guard mirror.displayStyle != .class else {
            throw TemplateProblem(
                "'\(type(of: part))' is a class, and templates do not read the variables of classes.",
                remedy: "Conform it to TemplateObject, or pass a struct.")
        }
        let swiftName = camelCase(name)
        for (index, child) in mirror.children.enumerated() {
            guard let label = child.label else { continue }
            // The labels of a tuple without names are .0, .1 and so on.
            if label == name || label == swiftName || label.dropFirst() == name && label.first == "." {
                return reflection.child(index).convert(child.value)
            }
        }
        return nil
    }

    var templateText: String { reflection.part().map { "\($0)" } ?? "" }

    func isTemplateEqual(to other: any TemplateObject) -> Bool {
        guard let mine = reflection.part() as? any Equatable, let other = other as? ReflectedObject else {
            return false
        }
        return isEqual(mine, other.reflection.part())
    }
}

private func isEqual<Value: Equatable>(_ left: Value, _ right: Any?) -> Bool {
    (right as? Value) == left
}

/// `published_on` as Swift spells it: `publishedOn`.
private func camelCase(_ name: String) -> String {
    guard name.contains("_") else { return name }
    let words = name.split(separator: "_")
    guard let first = words.first else { return name }
    return words.dropFirst().reduce(into: String(first)) { result, word in
        result += word.prefix(1).uppercased() + word.dropFirst()
    }
}
