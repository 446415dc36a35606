import MartletHTTP
import MartletMigrations
import MartletORM
import MartletRouting
import MartletSite

/// The conventions of Martlet's projects: warnings, which `Site.silencing` silences where a project has its reasons.
let conventionChecks: [Check] = [
    .relatedNames, .deletionRules, .timestamps, .nullableText, .sequentialIDs, .reversibleMigrations, .protectedViews,
    .literalSecrets,
]

extension CheckContext {
    /// The models of apps that follow the conventions, and are no other model in disguise.
    fileprivate var conventionalModels: [any Model.Type] {
        apps.filter(\.hasConventions).flatMap(\.models).filter { $0.anyTable.schema.proxied == nil }
    }
}

extension Check {
    /// The way back of a relation is part of queries and templates, and should not be called by accident.
    static let relatedNames = Check(.conventions) { context in
        context.conventionalModels.flatMap { model in
            model.relationsWithoutName.map { field in
                .warning(
                    "conventions.W001", "The relation has no relatedName.",
                    hint: "Write relatedName: \"…\", or \"+\" for none; without one it is called after the model.",
                    place: "\(model.modelName).\(field)")
            }
        }
    }

    /// A rule must be written, which the compiler sees to; this one leaves the work to nobody.
    static let deletionRules = Check(.conventions) { context in
        context.conventionalModels.flatMap { model in
            model.anyTable.columns.compactMap { field in
                guard case .foreignKey(let target, .doNothing) = field.kind else { return nil }
                return .warning(
                    "conventions.W002", "onDelete is .doNothing: deleting \(target) fails while a row refers to it.",
                    hint: "Say what is to happen: .cascade, .protect, .restrict, .setNull or .set.",
                    place: "\(model.modelName).\(field.name)")
            }
        }
    }

    /// When a row was made and changed is asked for sooner or later, and cannot be found out then.
    static let timestamps = Check(.conventions) { context in
        context.conventionalModels.compactMap { model in
            let moments = Set(model.anyTable.columns.filter { $0.kind == .dateTime }.map(\.name))
            let missing = ["created_at", "updated_at"].filter { !moments.contains($0) }
            guard !missing.isEmpty else { return nil }
            let lines = missing.map {
                $0 == "created_at"
                    ? ".dateTime(\\.createdAt, autoNowAdd: true)" : ".dateTime(\\.updatedAt, autoNow: true)"
            }
            return .warning(
                "conventions.W003", "The model has no \(missing.joined(separator: " and no ")).",
                hint: "Add \(lines.joined(separator: " and ")).", place: "\(model.modelName)")
        }
    }

    /// A text that may be null has two values for nothing. One that is unique may: empty ones would be equal.
    static let nullableText = Check(.conventions) { context in
        context.conventionalModels.flatMap { model in
            model.anyTable.columns.filter { $0.isNull && !$0.isUnique && $0.kind.isText }.map { field in
                .warning(
                    "conventions.W004", "The text may be null, and so has two values for nothing.",
                    hint: "Make the property a String with the value \"\".", place: "\(model.modelName).\(field.name)")
            }
        }
    }

    /// Numbers that count up tell strangers how much there is, and what to try next.
    static let sequentialIDs = Check(.conventions, .security) { context in
        guard let routes = try? RouteTable(context.site.urls).routes else { return [] }
        return routes.compactMap { route in
            // Whoever is let in by a guard is no stranger.
            guard route.storage[RouteProtection.Key.self]?.guardName == nil,
                let name = SequentialID.parameter(of: route)
            else { return nil }
            return .warning(
                "conventions.W005", "The pattern '\(route.pattern)' has the number '\(name)' in a public address.",
                hint: SequentialID.hint(for: name),
                place: "\(route.file):\(route.line)")
        }
    }

    /// A migration that cannot be undone makes a failed deployment one that cannot be taken back.
    static let reversibleMigrations = Check(.conventions) { context in
        context.apps.filter(\.hasConventions).flatMap { app in
            (app.migrations?.list ?? []).flatMap { migration in
                migration.operations.flatMap(irreversibleParts).map { operation in
                    .warning(
                        "conventions.W006", "The migration cannot be undone: \(operation).",
                        hint: "Give the operation a way back, .nothing where there is nothing to undo.",
                        place: "\(app.label).\(migration.name)")
                }
            }
        }
    }

    /// What of an operation keeps it from being undone; the operation itself, or some that are inside it.
    private static func irreversibleParts(_ operation: any MigrationOperation) -> [any MigrationOperation] {
        // What it does to the models alone is undone by forgetting it.
        if let both = operation as? SeparateDatabaseAndState { return both.database.flatMap(irreversibleParts) }
        // Code has no statements, and says by itself whether it can be undone.
        if case .irreversible = (operation as? RunSwift)?.reverse { return [operation] }
        return operation.backwardStatements() == nil ? [operation] : []
    }

    /// A view that changes data says who may.
    static let protectedViews = Check(.conventions, .security) { context in
        guard let routes = try? RouteTable(context.site.urls).routes else { return [] }
        return routes.compactMap { route in
            guard route.storage[RouteProtection.Key.self] == nil else { return nil }
            guard let methods = UnsafeMethods.words(of: route) else {
                // It may only read: what it takes is a matter of words, and no warning.
                return route.methods != nil
                    ? nil
                    : CheckMessage(
                        .info, "conventions.I001",
                        "The route '\(route.pattern)' names no methods, and so takes all of them.",
                        hint: "Write .methods(.get) where it only reads, and else what it takes.",
                        place: "\(route.file):\(route.line)")
            }
            return .warning(
                "conventions.W007", "The route '\(route.pattern)' takes \(methods) from everybody.",
                hint: "Guard it with a layer that says .protected(by: …), or write .openToAll(because: \"…\").",
                place: "\(route.file):\(route.line)")
        }
    }

    /// What stands in the sources is in every copy of them, for ever.
    static let literalSecrets = Check(.conventions, .security) { context in
        try await SourceSecrets.find(below: context.site.path("Sources")).map { found in
            .warning(
                "conventions.W008", "There is \(found.what) in the source.",
                hint: "Read it with reader.secret(\"NAME\"), and change it: history keeps it. "
                    + "If it is none, write `// no secret` behind it.",
                place: "\(found.file):\(found.line)")
        }
    }
}

private enum UnsafeMethods {
    private static let all: Set<HTTPMethod> = [.post, .put, .patch, .delete]

    /// The methods of a route that change data; `nil` for none.
    ///
    /// A route that names no methods may be for reading only, and the token of forms is asked for; one without the token
    /// is meant for writing.
    static func words(of route: RouteInfo) -> String? {
        guard let methods = route.methods else {
            return route.storage[CSRFExemption.self] == true ? "any method without a token of forms" : nil
        }
        let unsafe = methods.filter(all.contains)
        return unsafe.isEmpty ? nil : unsafe.map(\.rawValue).joined(separator: ", ")
    }
}

private enum SequentialID {
    /// The parameter that looks like the number of a row: a whole number called `id`, `pk`, `post_id`; or a segment of
    /// digits, as many as one likes, that an expression does not name.
    static func parameter(of route: RouteInfo) -> String? {
        route.integerParameters.lazy.compactMap { name in
            if ["id", "pk"].contains(name) || name.hasSuffix("_id") || name.hasSuffix("_pk") { return name }
            return Int(name) == nil ? nil : digits(in: route.pattern)
        }.first
    }

    static func hint(for name: String) -> String {
        let converters =
            name.hasPrefix("(")
            ? "Take a UUID or a slug, or name the capture, as in (?<year>…), if it is no row's number"
            : "Use <shortuuid:\(name)>, <uuid:\(name)> or a slug"
        return "\(converters); or guard the route and say .protected(by: …)."
    }

    private static func digits(in pattern: String) -> String? {
        let segments = pattern.split(separator: "/").map { $0.hasSuffix("\\") ? $0.dropLast() : $0 }
        return segments.first { ["(\\d+)", "([0-9]+)", "(\\d*)"].contains($0) }.map(String.init)
    }
}

extension FieldKind {
    fileprivate var isText: Bool {
        switch self {
        case .char, .text, .slug, .email, .url, .file, .image, .filePath, .choices, .checkedChoices: true
        default: false
        }
    }
}
