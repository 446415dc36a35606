import FoundationEssentials
import MartletORM
import Testing

/// Expectations are those of Django's `tests/aggregation/tests.py`, worked out by hand where it has none.
@Suite(.bookshop) struct AggregateTests {
    @Test func `aggregates of all rows come as one typed tuple`() async throws {
        try await Bookshop.make()
        let (total, mean) = try await Writer.objects.aggregate { ($0.age.sum(), $0.age.average()) }
        #expect(total == 337)
        #expect(isAbout(mean, 37.44))
        #expect(try await Writer.objects.filter { $0.age > 29 }.aggregate { $0.age.sum() } == 254)
        let (count, least, most) = try await Volume.objects.aggregate {
            ($0.id.count(), $0.pages.min(), $0.name.max())
        }
        #expect((count, least, most) == (6, 300, Bookshop.django))
        #expect(try await Volume.objects.aggregate { $0.rating.count() } == 6)
        #expect(try await Volume.objects.aggregate { $0.house.awards.sum() } == 30)
    }

    @Test func `aggregates without rows are nil, counts are zero, and a default takes nil's place`() async throws {
        let none = Volume.objects.filter { $0.pages > 10_000 }
        let (sum, mean, least, count) = try await none.aggregate {
            ($0.pages.sum(), $0.rating.average(), $0.name.min(), $0.id.count())
        }
        #expect(sum == nil && mean == nil && least == nil && count == 0)
        let (total, best, name) = try await none.aggregate {
            ($0.pages.sum(default: 7), $0.rating.average(default: 2.5), $0.name.max(default: "none"))
        }
        #expect((total, best, name) == (7, 2.5, "none"))
        #expect(try await none.aggregate { $0.writers.count } == 0)
        #expect(try await none.aggregate { $0.name.joined(separator: ",") } == nil)
        #expect(try await none.aggregate { $0.name.collected() } == nil)
        #expect(try await none.aggregate { $0.rating.standardDeviation() } == nil)
        #expect(try await Writer.objects.aggregate { $0.rating.sum() } == nil)
    }

    @Test func `distinct values count once`() async throws {
        try await Bookshop.make()
        let (mean, count, sum) = try await Volume.objects.aggregate {
            ($0.rating.average(distinct: true), $0.rating.count(distinct: true), $0.rating.sum(distinct: true))
        }
        #expect(mean == 4.125 && count == 4 && sum == 16.5)
    }

    @Test func `an aggregate over a relation to many joins it`() async throws {
        try await Bookshop.make()
        #expect(isAbout(try await Writer.objects.aggregate { $0.friends.age.average() }, 34.07))
        #expect(
            isAbout(
                try await Volume.objects.filter { $0.rating < 4.5 }.aggregate { $0.writers.age.average() }, 38.2857))
        #expect(
            try await Writer.objects.filter { $0.name.contains("a") }.aggregate { $0.books.rating.average() } == 4.0)
        #expect(isAbout(try await House.objects.aggregate { $0.books.price.sum() }, 270.27))
        #expect(try await Store.objects.aggregate { $0.books.writers.age.max() } == 57)
        #expect(try await Writer.objects.aggregate { $0.books.house.awards.min() } == 1)
        #expect(
            isAbout(
                try await Store.objects.filter { $0.name == "Amazon.com" }.aggregate { $0.books.rating.average() }, 4.08
            ))
        #expect(try await Store.objects.aggregate { $0.books.count } == 13)
        #expect(try await Store.objects.aggregate { $0.books.count(distinct: true) } == 6)
    }

    @Test func `aggregates over different relations do not multiply each other`() async throws {
        try await Bookshop.make()
        let log = StatementLog()
        let (pages, writers, stores, both) = try await log.observing {
            try await Volume.objects.filter { $0.rating >= 4.0 }.aggregate {
                (
                    $0.pages.sum(), $0.writers.count, $0.stores.count,
                    $0.writers.age.sum(default: 0) + $0.stores.id.sum(default: 0)
                )
            }
        }
        #expect(log.statements.count == 1)
        #expect((pages, writers, stores) == (3175, 9, 12))
        // 34 + 35 + 29 + 37 + 29 + 25 + 57 + 46 + 57 years, and stores 5 × 1, 4 × 2 and 3 × 3.
        #expect(both == 349 + 22)
        let (writersOnly, storesOnly) = try await Volume.objects.aggregate { ($0.writers.count, $0.stores.count) }
        #expect((writersOnly, storesOnly) == (10, 13))
    }

    @Test func `a filter chooses what an aggregate sees`() async throws {
        try await Bookshop.make()
        let (long, all, good) = try await Volume.objects.aggregate {
            ($0.id.count(filter: $0.pages > 500), $0.id.count(), $0.price.sum(filter: $0.rating >= 4.5))
        }
        #expect((long, all) == (3, 6))
        #expect(isAbout(good, 105))
        #expect(try await Writer.objects.aggregate { $0.books.count { $0.pages > 500 } } == 4)
        #expect(try await Writer.objects.aggregate { $0.books.count { !($0.pages > 500) } } == 6)
        #expect(try await Volume.objects.aggregate { $0.pages.max(filter: $0.writers.age < 30) } == 350)
    }

    @Test func `deviations and variances are the same on both databases`() async throws {
        try await Bookshop.make()
        let (population, sample, variance, sampleVariance) = try await Volume.objects.aggregate {
            (
                $0.pages.standardDeviation(), $0.pages.standardDeviation(sample: true), $0.rating.variance(),
                $0.rating.variance(sample: true)
            )
        }
        #expect(isAbout(population, 311.4600027))
        #expect(isAbout(sample, 341.19, within: 0.02))
        #expect(isAbout(variance, 0.3680555, within: 0.0001))
        #expect(isAbout(sampleVariance, 0.4416666, within: 0.0001))
        let one = Volume.objects.filter { $0.pages == 300 }
        #expect(try await one.aggregate { $0.pages.standardDeviation() } == 0)
        #expect(try await one.aggregate { $0.pages.standardDeviation(sample: true) } == nil)
        #expect(try await Writer.objects.aggregate { $0.rating.variance() } == nil)
    }

    @Test func `texts are joined in an order`() async throws {
        try await Bookshop.make()
        let joined = try await House.objects.aggregate {
            $0.name.joined(separator: "; ", filter: $0.awards > 1, orderBy: $0.awards.descending)
        }
        #expect(joined == "Morgan Kaufmann; Prentice Hall; Apress")
        let (plain, distinct) = try await Writer.objects.filter { $0.age < 30 }.aggregate {
            ($0.name.joined(separator: ""), $0.name.joined(separator: "|", distinct: true, orderBy: $0.name.ascending))
        }
        #expect(plain?.count == "James BennettPaul BissexWesley J. Chun".count)
        #expect(distinct == "James Bennett|Paul Bissex|Wesley J. Chun")
        let rows: [(String, String?)] = try await House.objects.order { $0.name.ascending }
            .values { ($0.name, $0.books.name.joined(separator: " + ", orderBy: $0.books.pages.ascending)) }
        #expect(rows.map(\.1)[0] == "\(Bookshop.practical) + \(Bookshop.django)")
        #expect(rows.map(\.1)[1] == nil)
    }

    @Test func `values are collected into a list of their type`() async throws {
        try await Bookshop.make()
        let (awards, names, ratings) = try await House.objects.aggregate {
            (
                $0.awards.collected(orderBy: $0.awards.ascending),
                $0.name.collected(filter: $0.awards > 3, orderBy: $0.name.descending),
                $0.awards.collected(distinct: true, filter: $0.awards < 0)
            )
        }
        #expect(awards.map(Array.init) == [0, 1, 3, 7, 9])
        #expect(names == ["Prentice Hall", "Morgan Kaufmann"])
        #expect(ratings == nil)
        let days = try await Volume.objects.filter { $0.pages < 400 }.aggregate {
            $0.printedOn.collected(orderBy: $0.pages.ascending)
        }
        let seconds = days?.map(\.timeIntervalSince1970)
        #expect(seconds == [1_214_179_200, 1_225_670_400])
        let unrated = try await Writer.objects.filter { $0.age > 50 }.aggregate { $0.rating.collected() }
        #expect(unrated == [nil])
        let distinct = try await Volume.objects.aggregate {
            $0.rating.collected(distinct: true, orderBy: $0.rating.descending)
        }
        #expect(distinct == [5.0, 4.5, 4.0, 3.0])
    }

    @Test func `nulls stand where the order of a list puts them`() async throws {
        try await Bookshop.makeEmployees()
        let names = try await Employee.objects.filter { $0.department == "Sales" || $0.department == "IT" }.aggregate {
            (
                $0.salary.collected(orderBy: $0.bonus.ascending.nullsFirst, $0.salary.ascending),
                $0.salary.collected(orderBy: $0.bonus.descending.nullsLast)
            )
        }
        #expect(names.0 == [34000, 53000, 55000, 60000])
        #expect(names.1 == [60000, 55000, 53000, 34000])
    }

    @Test func `truth values, bits and any value are aggregated`() async throws {
        try await Bookshop.makeEmployees()
        let (every, some, none) = try await Employee.objects.aggregate {
            ($0.isManager.allTrue(), $0.isManager.anyTrue(), $0.isManager.anyTrue(filter: $0.age < 30))
        }
        #expect(every == false && some == true && none == false)
        let (all, any, odd) = try await Employee.objects.filter { $0.age < 50 }.aggregate {
            ($0.age.bitAnd(), $0.age.bitOr(), $0.age.bitXor(filter: $0.department == "Sales"))
        }
        // 20 = 010100, 30 = 011110, 40 = 101000.
        #expect(all == 0 && any == 62 && odd == 0)
        let one = try await Employee.objects.filter { $0.department == "Sales" }.aggregate { $0.age.anyValue() }
        #expect(one == 30)
        #expect(try await Employee.objects.filter { $0.age > 99 }.aggregate { $0.age.bitAnd() } == nil)
        let missing = try await Employee.objects.aggregate { $0.bonus.anyValue(filter: $0.salary == 60000) }
        #expect(missing == 150)
    }

    @Test func `slices, distinct rows and grouped rows are aggregated as they are`() async throws {
        try await Bookshop.make()
        let longest = Volume.objects.order { $0.pages.descending }.limit(2)
        #expect(try await longest.aggregate { $0.pages.sum() } == 2078)
        let (volumes, writers) = try await longest.aggregate { ($0.id.count(), $0.writers.count) }
        #expect((volumes, writers) == (2, 3))
        let joined = Volume.objects.filter { $0.writers.age > 0 }
        #expect(try await joined.aggregate { $0.id.count() } == 10)
        #expect(try await joined.distinct().aggregate { $0.id.count() } == 6)
        #expect(try await joined.distinct().aggregate { $0.pages.sum() } == 3703)
        let many = Volume.objects.filter { $0.writers.count > 1 }
        #expect(try await many.aggregate { $0.pages.sum() } == 1929)
    }

    @Test func `what is no aggregate is refused with the remedy`() async throws {
        try await Bookshop.make()
        #expect(
            await refusal { _ = try await Volume.objects.aggregate { $0.pages } }
                == "aggregate was given an expression that is no aggregate, and has a value for each row. Add sum(), "
                + "count() or another aggregate to it, or use values.")
        #expect(await refusal { _ = try await Volume.objects.aggregate { $0.pages.sum(default: 0) + $0.pages } } != nil)
        #expect(
            await refusal { _ = try await Volume.objects.aggregate { $0.pages.sum().sum() } }?
                .hasPrefix("An aggregate of an aggregate needs two steps.") == true)
        #expect(
            await refusal { try await Volume.objects.update { $0.price = $0.price.sum(default: 0) } }?
                .hasPrefix("An update sets each row by itself") == true)
    }

    @Test(arguments: ["'; DROP TABLE bookshop_volume; --", "\"", "\\", "%_", "😀", "e\u{301}", "", ", "])
    func `a separator is only ever a value`(_ separator: String) async throws {
        try await Bookshop.make()
        let query = House.objects.filter { $0.awards > 5 }
        let (plain, ordered) = try await query.aggregate {
            (
                $0.name.joined(separator: separator),
                $0.name.joined(separator: separator, orderBy: $0.name.ascending)
            )
        }
        #expect(ordered == "Morgan Kaufmann" + separator + "Prentice Hall")
        #expect(plain?.utf8.count == ordered?.utf8.count)
        #expect(try await Volume.objects.count() == 6)
    }

    @Test func `hostile texts come out of a list as they went in`() async throws {
        let texts = ["'; DROP TABLE x; --", "\"quoted\"", "back\\slash", "line\nbreak\u{1}", "😀 e\u{301}", "", "[1,2]"]
        try await House.objects.createMany(texts.map { House(name: $0) })
        let found = try await House.objects.aggregate { $0.name.collected(orderBy: $0.id.ascending) }
        #expect(found.map(Array.init) == texts)
    }
}
