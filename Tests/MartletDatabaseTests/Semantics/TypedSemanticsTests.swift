import MartletJSON
import MartletORM
import Testing

/// Asks with typed closures what Django was asked in Python, of the same rows, and compares the answers.
@Suite(.semantics) struct TypedSemanticsTests {
    @Test func `aggregates are Django's`() async throws {
        try await Semantics.load()
        let django = try DjangoAnswers("aggregates")
        await Self.aggregates(django)
        django.expectAllAsked()
    }

    @Test func `annotations and groups are Django's`() async throws {
        try await Semantics.load()
        let django = try DjangoAnswers("groups")
        await Self.groups(django)
        await Self.groupConditions(django)
        django.expectAllAsked()
    }

    @Test func `expressions and orders are Django's`() async throws {
        try await Semantics.load()
        let django = try DjangoAnswers("expressions")
        await Self.arithmetic(django)
        await Self.texts(django)
        await Self.choices(django)
        await Self.orders(django)
        django.expectAllAsked()
    }

    @Test func `moments, days and zones are Django's`() async throws {
        try await Semantics.load()
        let django = try DjangoAnswers("dates")
        await Self.parts(django)
        await Self.beginnings(django)
        await Self.distances(django)
        django.expectAllAsked()
    }

    @Test func `subqueries and exclusions are Django's`() async throws {
        try await Semantics.load()
        let django = try DjangoAnswers("subqueries")
        await Self.subqueries(django)
        await Self.exclusions(django)
        await Self.updates(django)
        django.expectAllAsked()
    }

    @Test func `window functions are Django's`() async throws {
        try await Semantics.load()
        let django = try DjangoAnswers("windows")
        await Self.windows(django)
        django.expectAllAsked()
    }

    @Test func `sets, slices and prefetched rows are Django's`() async throws {
        try await Semantics.load()
        let django = try DjangoAnswers("sets")
        await Self.sets(django)
        await Self.prefetched(django)
        django.expectAllAsked()
    }

    @Test func `functions of numbers and texts are Django's`() async throws {
        try await Semantics.load()
        let django = try DjangoAnswers("functions")
        await Self.numbers(django)
        await Self.moreTexts(django)
        django.expectAllAsked()
    }

    @Test func `aggregates of some rows, and what is asked of them, are Django's`() async throws {
        try await Semantics.load()
        let django = try DjangoAnswers("filtered")
        await Self.filtered(django)
        await Self.filteredGroups(django)
        django.expectAllAsked()
    }

    @Test func `frames and partitions of windows are Django's`() async throws {
        try await Semantics.load()
        let django = try DjangoAnswers("frames")
        await Self.frames(django)
        await Self.partitions(django)
        django.expectAllAsked()
    }

    @Test func `sets in an order and their slices are Django's`() async throws {
        try await Semantics.load()
        let django = try DjangoAnswers("ordered sets")
        await Self.orderedSets(django)
        await Self.lasts(django)
        django.expectAllAsked()
    }

    @Test func `clocks that change are Django's`() async throws {
        try await Semantics.load()
        let django = try DjangoAnswers("clocks")
        await Self.clocks(django)
        await Self.partsInZones(django)
        await Self.days(django)
        django.expectAllAsked()
    }

    /// Where Django's answers are others, and why: a negation of a value that is computed drops nulls there, which one of
    /// a column keeps; and sums over two relations count each row as often as the other relation has rows.
    @Test func `what is computed is negated and summed as columns are`() async throws {
        try await Semantics.load()
        #expect(try await Self.ids(Self.authors.exclude { $0.books.pages.max() > 300 }) == [2, 3, 5])
        #expect(try await Self.ids(Self.books.exclude { $0.subtitle.length() > 8 }) == [2, 3, 6, 8])
        let rows: [(Int, Int, Int)] = try await Self.authors.filter { $0.id == 1 }.values {
            (
                $0.id, $0.books.tags.id.count(distinct: true, filter: $0.books.pages > 100),
                $0.books.pages.sum(filter: $0.books.status == "published", default: 0)
            )
        }
        #expect(rows.map(\.1) == [3] && rows.map(\.2) == [440])
    }

    @Test func `Django was asked more than three hundred typed queries`() throws {
        let topics = try #require(try Semantics.file("typed_answers.json").objectValue)
        #expect(topics.map { $0.value.objectValue?.count ?? 0 }.reduce(0, +) >= 306)
        #expect(topics.count == 12)
    }
}

extension TypedSemanticsTests {
    typealias Book = Semantics.Book
    typealias Author = Semantics.Author
    typealias Review = Semantics.Review
    typealias Country = Semantics.Country
    typealias Tag = Semantics.Tag

    /// The books in the order of their keys.
    static var books: QuerySet<Book> { Book.objects.order { $0.id } }
    /// The authors in the order of their keys.
    static var authors: QuerySet<Author> { Author.objects.order { $0.id } }
    /// The books that have a moment.
    static var dated: QuerySet<Book> { books.filter { !$0.publishedAt.isNull } }

    /// The keys of a query's rows, in its order.
    static func ids(_ query: QuerySet<Book>) async throws -> [Int] { try await query.values { $0.id } }
    /// The keys of a query's rows, in its order.
    static func ids(_ query: QuerySet<Author>) async throws -> [Int] { try await query.values { $0.id } }
}
