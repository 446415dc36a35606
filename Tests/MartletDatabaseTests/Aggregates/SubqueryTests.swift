import FoundationEssentials
import MartletORM
import Testing

/// Expectations are those of Django's `tests/expressions` and `tests/annotations` where they have such a query.
@Suite(.bookshop) struct SubqueryTests {
    @Test func `rows are found by whether another query has one`() async throws {
        try await Bookshop.make()
        let printing = House.objects.filter { house in
            .exists(Volume.objects.filter { $0.house.id == outer(house.id) && $0.pages > 900 })
        }
        #expect(try await printing.all().map(\.name).sorted() == ["Morgan Kaufmann", "Prentice Hall"])
        #expect(try await printing.count() == 2)
        let idle = House.objects.exclude { house in
            .exists(Volume.objects.filter { $0.house.id == outer(house.id) })
        }
        #expect(try await idle.all().map(\.name) == ["Jonno's House of Books"])
        let both = House.objects.filter { house in
            !Condition.exists(Volume.objects.filter { $0.house.id == outer(house.id) && $0.rating > 4 })
                && house.awards > 0
        }
        #expect(try await both.all().map(\.name).sorted() == ["Prentice Hall", "Sams"])
        let annotated = try await House.objects.order { $0.id.ascending }.annotate { house in
            Condition.exists(Volume.objects.filter { $0.house.id == outer(house.id) })
        }.all()
        #expect(annotated.map(\.1) == [true, true, true, true, false])
        #expect(try await printing.update { $0.awards = 10 } == 2)
        #expect(try await idle.delete().total == 1)
    }

    @Test func `one value of another query stands beside each row`() async throws {
        try await Bookshop.make()
        let rows: [(House, String?)] = try await House.objects.order { $0.id.ascending }.annotate { house in
            Volume.objects.filter { $0.house.id == outer(house.id) }.order { $0.pages.descending }.subquery { $0.name }
        }.all()
        #expect(rows.map(\.1) == [Bookshop.django, Bookshop.sams, Bookshop.modern, Bookshop.paradigms, nil])
        let second: [(String, String?)] = try await House.objects.order { $0.id.ascending }.values { house in
            (
                house.name,
                Volume.objects.filter { $0.house.id == outer(house.id) }.order { $0.pages.descending }
                    .offset(1).subquery { $0.contact.name }
            )
        }
        #expect(second.map(\.1) == ["James Bennett", nil, "Jeffrey Forcier", nil, nil])
        let sums: [(String, Int?)] = try await House.objects.order { $0.id.ascending }.values { house in
            (house.name, Volume.objects.filter { $0.house.id == outer(house.id) }.subquery { $0.pages.sum() })
        }
        #expect(sums.map(\.1) == [747, 528, 1482, 946, nil])
    }

    @Test func `a row is compared with another query's value`() async throws {
        try await Bookshop.make()
        let best = Volume.objects.filter { volume in
            volume.pages == Volume.objects.filter { $0.house.id == outer(volume.house.id) }.subquery { $0.pages.max() }
        }
        #expect(try await best.order { $0.id.ascending }.all().map(\.id) == [1, 2, 5, 6])
        let outerJoin = Volume.objects.filter { volume in
            .exists(Writer.objects.filter { $0.name == outer(volume.contact.name) && $0.age > 50 })
        }
        #expect(try await outerJoin.order { $0.id.ascending }.all().map(\.id) == [5, 6])
        #expect(try await outerJoin.update { $0.pages = 1 } == 2)
    }

    @Test func `an inner query reaches over the one around it`() async throws {
        try await Bookshop.make()
        // Houses that print a book whose contact is also a writer of another book of theirs.
        let houses = House.objects.filter { house in
            .exists(
                Volume.objects.filter { volume in
                    volume.house.id == outer(house.id)
                        && .exists(
                            Volume.objects.filter {
                                $0.house.id == outer(outer(house.id)) && $0.pages > outer(volume.pages)
                            })
                })
        }
        #expect(try await houses.all().map(\.name).sorted() == ["Apress", "Prentice Hall"])
        let excluding = House.objects.filter { house in
            .exists(
                Volume.objects.filter { $0.house.id == outer(house.id) }
                    .exclude { $0.writers.age < outer(house.awards) + 25 })
        }
        #expect(try await excluding.count() == 4)
    }

    @Test func `an update takes a value from another query`() async throws {
        try await Bookshop.make()
        try await House.objects.update { house in
            house.awards =
                Volume.objects.filter { $0.house.id == outer(house.id) }.subquery { $0.id.count() }
                .orZero
        }
        #expect(try await House.objects.order { $0.id.ascending }.values { $0.awards } == [2, 1, 2, 1, 0])
    }

    @Test func `a subquery may be grouped, numbered or cut`() async throws {
        try await Bookshop.make()
        let longest = Volume.objects.order { $0.pages.descending }.limit(2)
        #expect(try await Writer.objects.filter { $0.books.id.in(longest) { $0.id } }.distinct().count() == 2)
        let firsts = Volume.objects.filter {
            Window.rowNumber.over(partitionBy: $0.house.id, orderBy: $0.pages.descending) == 1
        }
        #expect(try await House.objects.filter { $0.books.id.in(firsts) { $0.id } }.count() == 4)
        #expect(
            try await House.objects.filter { house in .exists(firsts.filter { $0.house.id == outer(house.id) }) }
                .count() == 4)
    }

    @Test func `outer outside of a subquery is refused with the remedy`() async throws {
        try await Bookshop.make()
        let query = Volume.objects.filter { $0.pages == outer($0.pages) }
        #expect(
            await refusal { _ = try await query.all() }?.hasPrefix(
                "outer(…) names a column of the query around, and there is none.") == true)
    }
}

extension Expr where V == Int? {
    /// A count of another query, which always has one row.
    fileprivate var orZero: Expr<Int> { Expr<Int>(sql) }
}
