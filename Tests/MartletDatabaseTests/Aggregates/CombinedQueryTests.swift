import FoundationEssentials
import MartletORM
import Testing

/// Expectations are those of Django's `tests/queries/test_qs_combinators.py`; what Django refuses after a union, Martlet
/// does, since a combined query only chooses rows.
@Suite(.bookshop) struct CombinedQueryTests {
    private func lengths(_ query: QuerySet<Volume>) async throws -> [Int] {
        try await query.all().map(\.pages).sorted()
    }

    @Test func `rows of several queries are taken together`() async throws {
        try await Bookshop.make()
        let long = Volume.objects.filter { $0.pages > 500 }
        let good = Volume.objects.filter { $0.rating > 4 }
        #expect(try await lengths(long.union(good)) == [447, 528, 946, 1132])
        #expect(try await lengths(long.union(good, all: true)) == [447, 528, 946, 946, 1132])
        #expect(try await lengths(long.intersection(good)) == [946])
        #expect(try await lengths(long.difference(good)) == [528, 1132])
        #expect(
            try await lengths(long.union(good, Volume.objects.filter { $0.pages < 320 })) == [300, 447, 528, 946, 1132])
        #expect(try await lengths(long.union(long.filter { $0.pages.in([]) })) == [528, 946, 1132])
        #expect(try await lengths(long.difference(long)) == [])
        #expect(try await lengths(long.intersection(long.filter { $0.pages.in([]) })) == [])
    }

    @Test func `a combined query is a query like any other`() async throws {
        try await Bookshop.make()
        let long = Volume.objects.filter { $0.pages > 500 }
        let both = long.union(Volume.objects.filter { $0.rating > 4 })
        #expect(try await both.order { $0.pages.descending }.all().map(\.pages) == [1132, 946, 528, 447])
        #expect(try await both.order { $0.pages.descending }.offset(1).limit(2).all().map(\.pages) == [946, 528])
        #expect(try await both.count() == 4)
        #expect(try await long.union(long, all: true).count() == 6)
        #expect(try await both.exists())
        #expect(try await both.first()?.pages == 447)
        #expect(try await both.last()?.pages == 946)
        #expect(try await lengths(both.filter { $0.writers.count > 1 }) == [447, 1132])
        #expect(try await lengths(both.exclude { $0.house.name == "Sams" }) == [447, 946, 1132])
        let (pages, writers) = try await both.aggregate { ($0.pages.sum(), $0.writers.count) }
        #expect(pages == 3053 && writers == 6)
        #expect(try await both.annotate { $0.writers.count }.filter { $1 == 2 }.count() == 2)
        #expect(try await both.order { $0.id.ascending }.values { $0.pages } == [447, 528, 1132, 946])
        #expect(try await both.selectRelated { $0.house }.all().allSatisfy { $0.house.isLoaded })
        #expect(try await both.prefetch { $0.writers }.all().allSatisfy { $0.writers.isLoaded })
        #expect(try await House.objects.filter { $0.id.in(both) { $0.house.id } }.count() == 4)
        #expect(
            try await House.objects.filter { house in .exists(both.filter { $0.house.id == outer(house.id) }) }.count()
                == 4)
        #expect(try await both.page(2, size: 3).items.count == 1)
        #expect(try await both.update { $0.rating = 1 } == 4)
        #expect(try await both.delete().total >= 3)
        #expect(try await Volume.objects.count() == 3)
    }

    @Test func `parts may be cut, combined and grouped themselves`() async throws {
        try await Bookshop.make()
        let ordered = Volume.objects.order { $0.pages.ascending }
        let ends = ordered.limit(1).union(ordered.reversed().limit(1))
        #expect(try await lengths(ends) == [300, 1132])
        #expect(try await lengths(ends.union(ordered.offset(2).limit(1))) == [300, 447, 1132])
        #expect(try await lengths(ends.difference(ordered.limit(2))) == [1132])
        let several = Volume.objects.filter { $0.writers.age > 30 }.filter { $0.id.count() > 1 }
        #expect(try await lengths(several.union(ends)) == [300, 447, 1132])
        let numbered = Volume.objects.filter { Window.rowNumber.over(orderBy: $0.pages.ascending) == 2 }
        #expect(try await lengths(numbered.union(ends)) == [300, 350, 1132])
        #expect(await refusal { _ = try await ends.union(ordered.limit(-1)).all() }?.contains("negative") == true)
    }

    @Test func `a query without rows has none inside another, and its aggregates are those of no rows`() async throws {
        try await Bookshop.make()
        let none = Volume.objects.none
        #expect(try await lengths(none.union(Volume.objects.filter { $0.pages > 1000 })) == [1132])
        #expect(try await lengths(Volume.objects.difference(none)).count == 6)
        #expect(try await House.objects.filter { $0.books.id.in(none) { $0.id } }.count() == 0)
        #expect(try await House.objects.exclude { _ in .exists(none) }.count() == 5)
        #expect(try await none.aggregate { $0.pages.sum() } == nil)
        #expect(try await none.aggregate { $0.id.count() } == 0)
        #expect(try await none.annotate { $0.writers.count }.all().isEmpty)
        #expect(try await none.only(\.name).all().isEmpty)
    }

    @Test func `the first row of each group is kept on PostgreSQL, and refused on SQLite with the remedy`() async throws
    {
        try await Bookshop.make()
        let longest = Volume.objects.order { ($0.house.id.ascending, $0.pages.descending) }.distinct(on: { $0.house.id }
        )
        guard try Database.current.dialect.name == "postgresql" else {
            #expect(
                await refusal { _ = try await longest.all() }?.hasPrefix(
                    "sqlite has no DISTINCT ON. Number the rows of each group and keep the first") == true)
            return
        }
        #expect(try await longest.all().map(\.pages) == [447, 528, 1132, 946])
        #expect(try await longest.count() == 4)
        #expect(try await longest.aggregate { $0.pages.sum() } == 3053)
        #expect(try await longest.limit(2).all().map(\.pages) == [447, 528])
        #expect(try await longest.update { $0.rating = 1 } == 4)
        let unordered = Volume.objects.order { $0.pages.descending }.distinct(on: { $0.house.id })
        #expect(
            await refusal { _ = try await unordered.all() }?.contains("order must begin with those columns") == true)
    }
}
