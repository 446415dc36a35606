import MartletORM

extension TypedSemanticsTests {
    /// The reviews of a book of the query around.
    private static func reviews(of book: Columns<Book>) -> QuerySet<Review> {
        Review.objects.filter { $0.book.id == outer(book.id) }
    }

    static func subqueries(_ django: DjangoAnswers) async {
        await django.expect(
            "exists",
            try await ids(books.filter { book in .exists(reviews(of: book).filter { $0.stars == 5 }) }))
        await django.expect("not exists", try await ids(books.filter { !Condition.exists(reviews(of: $0)) }))
        await django.expect(
            "exists as a value",
            try await books.values { book in
                (book.id, Condition.exists(reviews(of: book).filter { $0.stars.isNull }))
            })
        await django.expect(
            "exists or a column",
            try await ids(
                books.filter { book in .exists(reviews(of: book).filter { $0.stars == 5 }) || book.pages == 0 }))
        await django.expect(
            "one value",
            try await books.values { ($0.id, reviews(of: $0).order { $0.id.descending }.subquery { $0.text }) })
        await django.expect(
            "one aggregate",
            try await authors.values { author in
                (author.id, Book.objects.filter { $0.author.id == outer(author.id) }.subquery { $0.pages.max() })
            })
        await django.expect(
            "filter by one value",
            try await ids(
                books.filter { book in
                    book.pages
                        == Book.objects.filter { $0.author.id == outer(book.author.id) }
                        .order { $0.pages.descending.nullsLast }.subquery { $0.pages }
                }))
        await django.expect(
            "outer over a relation",
            try await ids(
                books.filter { book in
                    .exists(Author.objects.filter { $0.mentor.id == outer(book.author.mentor.id) && !$0.isActive })
                }))
        await django.expect("outer of outer", try await nested())
        await django.expect(
            "in a query",
            try await ids(books.filter { $0.author.id.in(Author.objects.filter { $0.isActive }) { $0.id } }))
        await django.expect(
            "in a sliced query",
            try await ids(
                books.filter { $0.author.id.in(Author.objects.order { $0.id.descending }.limit(2)) { $0.id } }))
        await django.expect(
            "in a query of a column",
            try await ids(authors.filter { $0.id.in(Book.objects.filter { $0.pages > 100 }) { $0.author.id } }))
        await django.expect(
            "not in a query with null",
            try await ids(
                authors.exclude { $0.id.in(Book.objects.filter { !$0.editor.id.isNull }) { $0.editor.id } }))
    }

    private static func nested() async throws -> [Int] {
        try await Country.objects.order { $0.id }.filter { country in
            .exists(
                Author.objects.filter { author in
                    .exists(
                        Book.objects.filter {
                            $0.author.id == outer(author.id) && $0.author.country.id == outer(outer(country.id))
                                && $0.pages > 100
                        })
                })
        }.values { $0.id }
    }

    static func exclusions(_ django: DjangoAnswers) async {
        await django.expect("excluded over many", try await ids(books.exclude { $0.tags.name == "nature" }))
        await django.expect(
            "excluded two over many",
            try await ids(books.exclude { $0.tags.name == "nature" }.exclude { $0.tags.name == "craft" }))
        await django.expect(
            "excluded in over many", try await ids(books.exclude { $0.tags.name.in(["nature", "craft"]) }))
        await django.expect(
            "excluded with null over many", try await ids(books.exclude { $0.reviews.stars >= 4 }))
        await django.expect(
            "excluded over two relations", try await ids(authors.exclude { $0.books.tags.name == "craft" }))
        await django.expect(
            "excluded over an optional one", try await ids(books.exclude { $0.editor.name == "Ann" }))
        await django.expect(
            "excluded or over an optional one",
            try await ids(books.exclude { $0.editor.name == "Ann" || $0.pages == 320 }))
        await django.expect(
            "over many, a row for each", try await ids(books.filter { $0.tags.name.in(["nature", "craft"]) }))
        await django.expect(
            "both in one filter",
            try await ids(books.filter { $0.reviews.stars == 5 && $0.reviews.reader.name == "cid" }))
        await django.expect(
            "each in its filter",
            try await ids(books.filter { $0.tags.name == "nature" }.filter { $0.tags.name == "craft" }))
        await django.expect("without any", try await ids(books.filter { $0.tags.id.isNull }))
        await django.expect("without related rows", try await ids(books.filter { $0.reviews.id.isNull }))
        await django.expect(
            "not over many in an or", try await ids(books.filter { !($0.tags.name == "nature") || $0.pages == 120 }))
        await django.expect(
            "self reference twice", try await ids(authors.filter { $0.mentor.mentor.name == "Ann" }))
    }

    static func updates(_ django: DjangoAnswers) async {
        await django.expect("update from a query", try await updatedPages())
        await django.expect("update with a case", try await updatedStatus())
    }

    private static func updatedPages() async throws -> [(Int, Int?)] {
        try await transaction {
            try await Book.objects.filter { $0.id == 1 }.update { book in
                book.pages = Review.objects.filter { $0.book.id == outer(book.id) }.subquery { $0.stars.sum() }
            }
            try setRollback()
            return try await books.filter { $0.id == 1 }.values { ($0.id, $0.pages) }
        }
    }

    private static func updatedStatus() async throws -> [(Int, String)] {
        try await transaction {
            try await Book.objects.filter { $0.status == "draft" }.update { book in
                book.status = when(book.pages > 1, then: "long").else("short")
            }
            try setRollback()
            return try await books.filter { $0.id.in([3, 7]) }.values { ($0.id, $0.status) }
        }
    }
}
