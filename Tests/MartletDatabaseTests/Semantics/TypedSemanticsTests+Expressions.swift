import FoundationEssentials
import MartletORM

extension TypedSemanticsTests {
    static func arithmetic(_ django: DjangoAnswers) async {
        await django.expect(
            "arithmetic", try await books.filter { !$0.pages.isNull }.values { ($0.id, $0.pages * 2 + 1) })
        await django.expect("arithmetic with null", try await books.values { ($0.id, $0.pages + 1) })
        await django.expect(
            "arithmetic with decimals", try await books.values { ($0.id, $0.price + $0.price, $0.price * 3) })
        await django.expect(
            "filter by arithmetic", try await ids(books.filter { $0.pages.cast(to: Double?.self) > $0.weight * 200 }))
        await django.expect(
            "filter by a column of a relation", try await ids(books.filter { $0.author.id == $0.editor.mentor.id }))
        await django.expect(
            "exclude by a column that may be null", try await ids(books.exclude { $0.title == $0.subtitle }))
        await django.expect("modulo", try await ids(books.filter { $0.pages % 3 == 2 }))
        await django.expect(
            "power and sign", try await books.values { ($0.id, $0.weight.power(2), $0.weight.sign()) })
        await django.expect(
            "abs", try await books.values { ($0.id, ($0.pages - 100).abs()) })
        await django.expect(
            "floor and ceil", try await books.values { ($0.id, $0.weight.floor(), $0.weight.ceil()) })
        // Without two halves, which Python rounds to the even digit.
        await django.expect(
            "round", try await books.exclude { $0.id.in([2, 4]) }.values { ($0.id, $0.weight.round(1)) })
        await django.expect("cast to text", try await books.values { ($0.id, $0.pages.cast(to: String?.self)) })
        await django.expect(
            "cast to integer",
            try await books.filter { $0.id == 1 }.values { ($0.id, Expr("12").cast(to: Int.self)) })
    }

    static func texts(_ django: DjangoAnswers) async {
        let tags = Tag.objects.order { $0.id }
        await django.expect("lower", try await books.exclude { $0.id == 6 }.values { ($0.id, $0.title.lower()) })
        await django.expect("upper", try await authors.values { ($0.id, $0.name.upper()) })
        await django.expect("length", try await books.values { ($0.id, $0.title.length(), $0.subtitle.length()) })
        await django.expect("concat", try await books.values { ($0.id, concat($0.title, Expr(": "), $0.status)) })
        await django.expect(
            "concat with null", try await books.values { ($0.id, concat($0.title, Expr("|"), $0.subtitle)) })
        await django.expect("substr", try await books.values { ($0.id, $0.title.substr(2, 3)) })
        await django.expect("left and right", try await books.values { ($0.id, $0.title.left(2), $0.title.right(2)) })
        await django.expect("replace", try await books.values { ($0.id, $0.title.replace("i", with: "!")) })
        await django.expect("reverse", try await authors.values { ($0.id, $0.name.reverse()) })
        await django.expect(
            "pads", try await authors.values { ($0.id, $0.name.lpad(5, "*"), $0.name.rpad(5, "-")) })
        await django.expect("repeat", try await tags.values { ($0.id, $0.name.repeat(2)) })
        await django.expect("position", try await books.values { ($0.id, $0.title.strIndex("i")) })
        await django.expect(
            "trim", try await books.values { ($0.id, concat(Expr("  "), $0.title, Expr(" ")).trim()) })
    }

    static func choices(_ django: DjangoAnswers) async {
        await django.expect("coalesce", try await books.values { ($0.id, $0.pages ?? -1) })
        await django.expect(
            "coalesce of relations", try await books.values { ($0.id, $0.editor.name ?? $0.author.name) })
        await django.expect("nullif", try await books.values { ($0.id, $0.pages.nullIf(80)) })
        let counted = books.filter { !$0.pages.isNull }
        await django.expect(
            "greatest", try await counted.values { ($0.id, greatest($0.pages, Expr(100))) })
        await django.expect("least", try await counted.values { ($0.id, least($0.pages, Expr(100))) })
        await django.expect(
            "case",
            try await books.values {
                ($0.id, when($0.pages >= 300, then: "long").when($0.pages >= 100, then: "middle").else("short"))
            })
        await django.expect(
            "case without default", try await books.values { ($0.id, when($0.pages >= 300, then: 1).elseNull) })
        await django.expect(
            "case of columns",
            try await books.values { ($0.id, when(!$0.editor.id.isNull, then: $0.editor.name).else($0.title.optional)) }
        )
        await django.expect(
            "case over many", try await ids(books.filter { $0.id == when($0.status == "draft", then: 7).else(1) }))
        await django.expect(
            "a condition as a value", try await books.values { ($0.id, ($0.pages > 100).optional) })
    }

    static func orders(_ django: DjangoAnswers) async {
        let all = Book.objects
        await django.expect(
            "order by a case",
            try await ids(
                all.order {
                    (when($0.status == "draft", then: 0).when($0.status == "published", then: 1).else(2), $0.id)
                }))
        await django.expect(
            "order by an expression", try await ids(all.exclude { $0.id == 6 }.order { ($0.title.lower(), $0.id) }))
        await django.expect("order by a length", try await ids(all.order { ($0.title.length().descending, $0.id) }))
        await django.expect(
            "order with nulls last", try await ids(all.order { ($0.pages.descending.nullsLast, $0.id) }))
        await django.expect(
            "order with nulls first", try await ids(all.order { ($0.pages.ascending.nullsFirst, $0.id) }))
        await django.expect(
            "order over an optional one, nulls last",
            try await ids(all.order { ($0.editor.name.ascending.nullsLast, $0.id) }))
        await django.expect(
            "order over an optional one, nulls first",
            try await ids(all.order { ($0.editor.name.descending.nullsFirst, $0.id) }))
        await django.expect(
            "reversed order with nulls",
            try await ids(all.order { ($0.pages.descending.nullsLast, $0.id.descending) }.reversed()))
        await django.expect(
            "last of an order with nulls",
            value: try await all.order { ($0.pages.descending.nullsLast, $0.id) }.last()?.id)
    }
}
