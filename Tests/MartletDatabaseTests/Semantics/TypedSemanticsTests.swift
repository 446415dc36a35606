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
