import MartletORM

extension TypedSemanticsTests {
    private static func titled(_ query: QuerySet<Book>) async throws -> [(Int, String)] {
        try await query.all().map { ($0.id, $0.title) }
    }

    static func orderedSets(_ django: DjangoAnswers) async {
        let (short, old) = (Book.objects.filter { $0.pages == 80 }, Book.objects.filter { $0.status == "archived" })
        let backwards = short.union(old).order { $0.title.descending }
        await django.expect("union in an order", try await titled(short.union(old).order { $0.title }))
        await django.expect("union backwards", try await titled(backwards))
        await django.expect(
            "union of three in an order",
            try await titled(short.union(old, Book.objects.filter { $0.id < 3 }).order { $0.id.descending }))
        await django.expect(
            "union, all of it in an order", try await titled(short.union(old, all: true).order { $0.title }))
        await django.expect("slice of a union", try await titled(backwards[1..<3]))
        await django.expect(
            "first of a union", [try await backwards.first()].compactMap { $0 }.map { ($0.id, $0.title) })
        await django.expect("count of a union", value: try await short.union(old).count())
        await django.expect("count of all of a union", value: try await short.union(old, all: true).count())
        await django.expect(
            "union over a relation",
            try await titled(
                Book.objects.filter { $0.author.country.name == "Norway" }
                    .union(Book.objects.filter { $0.tags.name == "sea" }).order { $0.title }))
        await differences(django)
    }

    private static func differences(_ django: DjangoAnswers) async {
        let (light, drafts) = (Book.objects.filter { $0.weight < 1 }, Book.objects.filter { $0.status == "draft" })
        let some = Book.objects.filter { $0.pages > 79 }
        await django.expect(
            "intersection in an order", try await titled(some.intersection(light).order { $0.title.descending }))
        await django.expect(
            "intersection of three",
            try await titled(some.intersection(light, Book.objects.filter { $0.author.id == 2 }).order { $0.title }))
        await django.expect(
            "difference in an order", try await titled(light.difference(drafts).order { $0.title.descending }))
        await django.expect(
            "difference of three",
            try await titled(
                Book.objects.filter { $0.weight < 2 }.difference(drafts, Book.objects.filter { $0.author.id == 1 })
                    .order { $0.title }))
        await django.expect("count of a difference", value: try await light.difference(drafts).count())
        await django.expect("intersection with nothing", try await titled(light.intersection(Book.objects.none)))
        await django.expect(
            "difference from nothing",
            try await titled(
                Book.objects.filter { $0.weight < 0 }.difference(Book.objects.filter { $0.id == 1 })))
    }

    static func lasts(_ django: DjangoAnswers) async {
        await django.expect(
            "distinct in an order over many",
            try await ids(
                Book.objects.filter { $0.tags.name.in(["nature", "craft"]) }.order { $0.weight.descending }.distinct()))
        await django.expect(
            "slice of what is excluded",
            try await ids(Book.objects.exclude { $0.tags.name == "nature" }.order { $0.weight.descending }[1..<4]))
        await django.expect(
            "the last in an order over two",
            value: try await Book.objects.order { ($0.author.name, $0.id.descending) }.last()?.id)
        await django.expect("the latest", value: try await dated.latest { $0.publishedAt }.id)
        await django.expect(
            "the earliest by two",
            value: try await Book.objects.order { ($0.status.ascending, $0.weight.descending) }.first()?.id)
    }
}
