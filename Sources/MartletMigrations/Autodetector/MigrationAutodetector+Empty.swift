public import FoundationEssentials

extension MigrationAutodetector {
    /// Migrations without operations, one for each app, to be filled by hand.
    ///
    /// - Parameters:
    ///   - name: The name behind the number; the moment unless given.
    ///   - now: The moment that stands in the name.
    /// - Throws: ``MigrationError`` when an app is unknown or has several last migrations, or the name is no name.
    public func empty(apps: [String], name: String? = nil, now: Date = .now) throws(MigrationError) -> [MigrationDraft]
    {
        try graph.requireNoConflicts()
        if let name { try Self.check(name) }
        var drafts: [MigrationDraft] = []
        for app in apps {
            try requireIndex(app)
            let leaf = graph.leaves(of: app).first
            let text = name ?? (leaf == nil ? "initial" : "auto_\(Self.stamp(now))")
            let full = MigrationName(app: app, number: (leaf?.number ?? 0) + 1, name: text)
            let migration = Migration(name: full.name, dependencies: leaf.map { [$0] } ?? [], operations: [])
            drafts.append(MigrationDraft(app: app, migration: migration))
        }
        return drafts
    }
}
