import MartletORM
import Testing

/// A note that is hidden when it is gone.
struct Note: Model {
    var id = 0
    var text = ""
    var isGone = false
    var parent: ForeignKey<Note>?

    static let appLabel = "notes"
    static let table = Table<Note>(
        .auto(\.id), .char(\.text, maxLength: 50), .bool(\.isGone),
        .foreignKey(\.parent, onDelete: .setNull, relatedName: "replies"))

    static func defaultScope(_ rows: QuerySet<Note>) -> QuerySet<Note> { rows.filter { !$0.isGone } }
}

/// As Django's default manager with a query set of its own, and its base manager.
@Suite(.models(Note.self)) struct DefaultScopeTests {
    private func make() async throws -> (here: Note, gone: Note) {
        let gone = try await Note.objects.create(Note(text: "gone", isGone: true))
        return (try await Note.objects.create(Note(text: "here", parent: ForeignKey(gone))), gone)
    }

    @Test func `objects begins with the scope, and unscoped with all rows`() async throws {
        _ = try await make()
        #expect(try await Note.objects.values { $0.text } == ["here"])
        #expect(try await Note.objects.count() == 1)
        #expect(try await Note.unscoped.order { $0.id }.values { $0.text } == ["gone", "here"])
        #expect(try await Note.objects.filter { $0.text == "gone" }.exists() == false)
        #expect(try await Note.unscoped.filter { $0.text == "gone" }.exists())
    }

    @Test func `what is written of many rows keeps to the scope, too`() async throws {
        _ = try await make()
        #expect(try await Note.objects.update { $0.text = "changed" } == 1)
        #expect(try await Note.unscoped.filter { $0.text == "gone" }.count() == 1)
        #expect(try await Note.objects.delete().total == 1)
        #expect(try await Note.unscoped.count() == 1)
    }

    @Test func `a row outside of the scope is saved, read again and deleted`() async throws {
        var (_, gone) = try await make()
        gone.text = "still gone"
        try await gone.save()
        #expect(try await Note.unscoped.count() == 2)
        try await gone.refresh()
        #expect(gone.text == "still gone")
        #expect(try await gone.delete().total == 1)
        #expect(try await Note.unscoped.values { $0.parent.id } == [nil])
    }

    @Test func `what a foreign key refers to is loaded whatever the scope says`() async throws {
        _ = try await make()
        let joined = try await Note.objects.selectRelated { $0.parent }.get()
        #expect(try joined.parent?.loaded.text == "gone")
        let prefetched = try await Note.objects.prefetch { $0.parent }.get()
        #expect(try prefetched.parent?.loaded.text == "gone")
        #expect(try await Note.objects.filter { $0.parent.text == "gone" }.count() == 1)
    }
}
