import FoundationEssentials
import MartletORM
import Testing

/// Expectations are those of Django's `tests/aggregation` and `tests/aggregation_regress`, worked out by hand where
/// Martlet takes an aggregate over a relation for each row by itself.
@Suite(.bookshop) struct AnnotationTests {
    @Test func `rows come with what was asked for beside them`() async throws {
        try await Bookshop.make()
        let rows: [(Volume, Int)] = try await Volume.objects.annotate { $0.writers.count }
            .filter { volume, writers in writers > 1 }
            .order { volume, writers in (writers.descending, volume.name.ascending) }
            .all()
        #expect(rows.map(\.0.name) == [Bookshop.python, Bookshop.modern, Bookshop.django])
        #expect(rows.map(\.1) == [3, 2, 2])
        let (book, age) = try await Volume.objects.filter { $0.code == "159059725" }
            .annotate { $0.writers.age.average() }.get()
        #expect(book.name == Bookshop.django && age == 34.5)
    }

    @Test func `an average over a relation is one for each row`() async throws {
        try await Bookshop.make()
        let rows = try await Volume.objects.filter { $0.rating < 4.5 }.order { $0.name.ascending }
            .annotate { $0.writers.age.average() }.all()
        #expect(rows.map(\.0.name) == [Bookshop.modern, Bookshop.practical, Bookshop.python, Bookshop.sams])
        #expect(zip(rows.map(\.1), [51.5, 29.0, 30.33, 45.0]).allSatisfy { isAbout($0, $1) })
        let houses = try await House.objects.order { $0.name.ascending }.annotate { $0.books.price.sum() }.all()
        #expect(zip(houses.map { $0.1 ?? -1 }, [59.69, -1, 75, 112.49, 23.09]).allSatisfy { isAbout($0, $1) })
        let friends = try await Writer.objects.order { $0.name.ascending }.annotate { $0.friends.age.average() }.all()
        let expected = [32.0, -1, 29.5, 34, 27, 31, 46, 57, 33.66]
        #expect(zip(friends.map { $0.1 ?? -1 }, expected).allSatisfy { isAbout($0, $1) })
        let awards = try await Volume.objects.order { $0.name.ascending }.annotate { $0.house.awards.sum() }.all()
        #expect(awards.map(\.1) == [7, 9, 3, 7, 1, 3])
    }

    @Test func `several relations beside each other do not multiply`() async throws {
        try await Bookshop.make()
        let log = StatementLog()
        let rows = try await log.observing {
            try await Volume.objects.order { $0.id.ascending }
                .annotate { ($0.writers.count, $0.stores.count, $0.writers.age.sum(), $0.stores.name.max()) }.all()
        }
        #expect(log.statements.count == 1)
        #expect(rows.map(\.1) == [2, 1, 1, 3, 2, 1])
        #expect(rows.map(\.2) == [2, 1, 3, 2, 2, 3])
        #expect(rows.map(\.3) == [69, 45, 29, 91, 103, 57])
        #expect(rows[1].4 == "Amazon.com")
    }

    @Test func `aggregates stand in conditions and orders without being annotated`() async throws {
        try await Bookshop.make()
        let names = try await Volume.objects.filter { $0.writers.age.sum() > 60 }
            .order { $0.writers.age.sum().descending }.all().map(\.name)
        #expect(names == [Bookshop.modern, Bookshop.python, Bookshop.django])
        #expect(
            try await House.objects.filter { $0.books.price.sum() > 60 && $0.awards < 8 }.all().map(\.awards) == [7])
        #expect(
            try await Writer.objects.filter { $0.books.house.awards.max() == 9 }.all().map(\.name) == ["Peter Norvig"])
        #expect(try await Volume.objects.filter { $0.house.books.count > 1 }.count() == 4)
        #expect(try await Volume.objects.filter { $0.house.books.pages.sum() > 1000 }.count() == 2)
    }

    @Test func `rows for which an aggregate is null satisfy no condition, and stay when it is excluded`() async throws {
        try await Bookshop.make()
        let dear = House.objects.filter { $0.books.price.sum() > 70 }
        #expect(try await dear.all().map(\.name).sorted() == ["Morgan Kaufmann", "Prentice Hall"])
        let rest = House.objects.exclude { $0.books.price.sum() > 70 }
        #expect(try await rest.all().map(\.name).sorted() == ["Apress", "Jonno's House of Books", "Sams"])
        #expect(try await House.objects.filter { $0.books.price.sum().isNull }.count() == 1)
        #expect(try await House.objects.exclude { $0.books.price.sum().isNull }.count() == 4)
        #expect(try await House.objects.exclude { $0.books.price.sum() > 70 || $0.awards == 0 }.count() == 2)
        #expect(try await House.objects.exclude { $0.books.count { $0.price > 50 } > 0 }.count() == 3)
    }

    @Test func `an aggregate over what a filter has joined groups by the row`() async throws {
        try await Bookshop.make()
        let rows = try await Volume.objects.filter { $0.writers.age > 30 }.order { $0.id.ascending }
            .annotate { $0.id.count() }.all()
        #expect(rows.map(\.0.id) == [1, 2, 4, 5, 6])
        #expect(rows.map(\.1) == [2, 1, 1, 2, 1])
        let several = Volume.objects.filter { $0.writers.age > 30 }.filter { $0.id.count() > 1 }
        #expect(try await several.order { $0.id.ascending }.all().map(\.id) == [1, 5])
        #expect(try await several.count() == 2)
        #expect(try await several.exists())
        #expect(try await several.filter { $0.pages < 0 }.exists() == false)
        #expect(try await Volume.objects.filter { $0.writers.age > 30 }.annotate { $0.id.count() }.count() == 5)
        #expect(try await Volume.objects.annotate { $0.pages.sum() }.filter { $1 == $0.pages }.count() == 6)
    }

    @Test func `conditions on columns and on groups stand side by side`() async throws {
        try await Bookshop.make()
        let rows = Volume.objects.filter { $0.writers.age > 30 }
        #expect(try await rows.filter { $0.house.name == "Apress" && $0.id.count() > 1 }.all().map(\.id) == [1])
        let either = rows.filter { $0.house.name == "Sams" || $0.id.count() > 1 }.order { $0.house.name.ascending }
        #expect(try await either.all().map(\.id) == [1, 5, 2])
        #expect(try await rows.exclude { $0.id.count() > 1 }.order { $0.id.ascending }.all().map(\.id) == [2, 4, 6])
        let related = rows.filter { $0.id.count() > 1 }.selectRelated { $0.house }.order { $0.contact.name.ascending }
        #expect(try await related.all().map { try $0.house.loaded.name } == ["Apress", "Prentice Hall"])
    }

    @Test func `annotated rows are cut, paged, turned round and loaded like others`() async throws {
        try await Bookshop.make()
        let query = Volume.objects.annotate { $0.writers.count }.order { ($1.descending, $0.id.ascending) }
        #expect(try await query.first()?.0.name == Bookshop.python)
        #expect(try await query.last()?.0.id == 6)
        #expect(try await query.offset(1).limit(2).all().map(\.0.id) == [1, 5])
        #expect(try await query.limit(2).count() == 2)
        let page = try await query.page(2, size: 4)
        #expect(page.items.map(\.0.id) == [3, 6] && page.count == 6 && page.pages == 2)
        await #expect(throws: ORMError.self) { try await query.page(3, size: 4) }
        await #expect(throws: ORMError.self) { try await query.get() }
        #expect(try await query.reversed().all().map(\.0.id) == [6, 3, 2, 5, 1, 4])
        let loaded = try await query.selectRelated { $0.house }.prefetch { $0.writers }.limit(1).all()
        #expect(try loaded.map { try $0.0.house.loaded.name } == ["Prentice Hall"])
        #expect(try loaded.map { try $0.0.writers.loaded.count } == [3])
        #expect(loaded.map(\.1) == [3])
        #expect(await refusal { _ = try await query.limit(1).filter { $1 > 3 }.all() }?.contains("limit") == true)
    }

    @Test func `annotations are made from annotations`() async throws {
        try await Bookshop.make()
        let rows = try await Volume.objects
            .annotate { volume in
                let (writers, stores) = (volume.writers.count, volume.stores.count)
                return (writers, stores, writers + stores)
            }
            .filter { volume, writers, stores, both in both > 4 }
            .all()
        #expect(rows.map(\.0.name) == [Bookshop.python])
        #expect(rows.map(\.3) == [5])
        let models = try await Volume.objects.annotate { $0.writers.count }.filter { $1 > 1 }.models.all()
        #expect(models.map(\.id).sorted() == [1, 4, 5])
    }

    @Test func `annotations are aggregated`() async throws {
        try await Bookshop.make()
        let counted = Volume.objects.annotate { $0.writers.count }
        #expect(isAbout(try await counted.aggregate { $1.average() }, 1.6667))
        let (writers, pages) = try await counted.filter { $1 > 1 }.aggregate { ($1.sum(), $0.pages.sum()) }
        #expect(writers == 7 && pages == 1929)
        let grouped = Volume.objects.filter { $0.writers.age > 30 }.annotate { $0.id.count() }
        let (sum, most, rows) = try await grouped.aggregate { ($1.sum(), $1.max(), $0.id.count()) }
        #expect(sum == 7 && most == 2 && rows == 5)
        let page = counted.order { ($1.descending, $0.id.ascending) }.limit(2)
        #expect(try await page.aggregate { $1.sum() } == 5)
    }

    @Test func `a summary is grouped by what it returns beside aggregates`() async throws {
        try await Bookshop.make()
        let rows: [(Double, Int, Int?)] = try await Volume.objects.order { $0.rating.ascending }
            .values { ($0.rating, $0.id.count(), $0.pages.max()) }
        #expect(rows.map(\.0) == [3.0, 4.0, 4.5, 5.0])
        #expect(rows.map(\.1) == [1, 3, 1, 1])
        #expect(rows.map(\.2) == [528, 1132, 447, 946])
        let houses: [(String, Int)] = try await Volume.objects.filter { $0.id.count() > 1 }
            .order { $0.house.name.ascending }.values { ($0.house.name, $0.id.count()) }
        #expect(houses.map(\.0) == ["Apress", "Prentice Hall"] && houses.map(\.1) == [2, 2])
        let ordered: [(String, Int)] = try await Volume.objects.filter { $0.pages > 300 }
            .order { ($0.id.count().descending, $0.house.name.ascending) }.values { ($0.house.name, $0.id.count()) }
        #expect(ordered.map(\.0) == ["Prentice Hall", "Apress", "Morgan Kaufmann", "Sams"])
        let computed: [(Int, Int)] = try await Volume.objects.order { ($0.pages + 1).descending }
            .values { ($0.pages + 1, $0.id.count()) }
        #expect(computed.map(\.0) == [1133, 947, 529, 448, 351, 301])
        let all: [(Int, Int?)] = try await Volume.objects.values { ($0.id.count(), $0.pages.sum()) }
        #expect(all.count == 1 && all[0] == (6, 3703))
        let perRow: [(String, Int)] = try await House.objects.order { $0.id.ascending }
            .values { ($0.name, $0.books.count) }
        #expect(perRow.map(\.1) == [2, 1, 2, 1, 0])
    }

    @Test func `a summary over annotations and a sum over sums`() async throws {
        try await Bookshop.make()
        let rows: [(String, Int?)] = try await Volume.objects.annotate { $0.writers.count }
            .order { volume, _ in volume.house.name.ascending }
            .values { volume, writers in (volume.house.name, writers.sum()) }
        #expect(rows.map(\.1) == [3, 1, 5, 1])
        let first: [(Double, Int)] = try await Volume.objects.annotate { $0.writers.count }
            .filter { $1 > 1 }.order { volume, _ in volume.rating.ascending }
            .values { volume, writers in (volume.rating, writers) }
        #expect(first.map(\.0) == [4.0, 4.0, 4.5])
    }

    @Test func `rows that a group condition finds are changed, deleted and looked up`() async throws {
        try await Bookshop.make()
        let several = Volume.objects.filter { $0.writers.age > 30 }.filter { $0.id.count() > 1 }
        #expect(try await several.update { $0.pages = 1 } == 2)
        #expect(try await Volume.objects.filter { $0.pages == 1 }.order { $0.id.ascending }.all().map(\.id) == [1, 5])
        #expect(try await House.objects.filter { $0.id.in(several) { $0.house.id } }.count() == 2)
        #expect(try await Writer.objects.filter { $0.books.id.in(several) { $0.id } }.count() == 4)
        #expect(try await Volume.objects.annotate { $0.writers.count }.filter { $1 == 3 }.update { $0.pages = 2 } == 1)
        #expect(try await several.delete().byModel.values.max() ?? 0 > 0)
        #expect(try await Volume.objects.count() == 4)
        #expect(try await Volume.objects.filter { $0.writers.count > 2 }.delete().total >= 1)
        #expect(try await Volume.objects.count() == 3)
    }
}
