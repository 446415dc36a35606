import FoundationEssentials
import MartletORM

extension TypedSemanticsTests {
    static func numbers(_ django: DjangoAnswers) async {
        await django.expect(
            "root and exponential", try await books.values { ($0.id, $0.weight.sqrt(), $0.weight.exp()) })
        await django.expect("logarithms", try await books.values { ($0.id, $0.weight.ln(), $0.weight.log(2)) })
        await django.expect(
            "sine, cosine, tangent",
            try await books.values { ($0.id, $0.weight.sin(), $0.weight.cos(), $0.weight.tan()) })
        await django.expect("cotangent", try await books.values { ($0.id, $0.weight.cot()) })
        await django.expect(
            "arcs",
            try await books.filter { $0.weight <= 1 }.values {
                ($0.id, $0.weight.asin(), $0.weight.acos(), $0.weight.atan())
            })
        await django.expect(
            "arc of two",
            try await books.values { ($0.id, $0.weight.optional.atan2($0.pages.cast(to: Double?.self))) })
        await django.expect(
            "degrees and radians", try await books.values { ($0.id, $0.weight.degrees(), $0.weight.radians()) })
        await django.expect(
            "pi", try await books.filter { $0.id == 1 }.values { ($0.id, Expr(Double.pi) * $0.weight) })
        await django.expect("modulo of fractions", try await books.values { ($0.id, $0.weight % 0.4) })
        await django.expect(
            "cast to a fraction", try await books.values { ($0.id, $0.pages.cast(to: Double?.self)) })
        await django.expect(
            "order by a fraction", try await ids(Book.objects.order { (($0.weight % 0.4).descending, $0.id) }))
    }

    static func moreTexts(_ django: DjangoAnswers) async {
        await django.expect(
            "trimmed on one side",
            try await Tag.objects.order { $0.id }.values {
                ($0.id, "|" + ("  " + $0.name + " ").ltrim() + "|", "|" + ("  " + $0.name + " ").rtrim() + "|")
            })
        await django.expect("code of the first letter", try await books.values { ($0.id, $0.title.ord()) })
        await django.expect("letter of a code", try await books.values { ($0.id, $0.title.ord().chr()) })
        await django.expect("digests", try await books.values { ($0.id, $0.title.md5(), $0.subtitle.sha256()) })
        await django.expect(
            "long digests",
            try await Tag.objects.order { $0.id }.values {
                ($0.id, $0.name.sha224(), $0.name.sha384(), $0.name.sha512())
            })
        await django.expect(
            "coalesce of three", try await books.values { ($0.id, $0.subtitle ?? ($0.editor.name ?? "-")) })
        await django.expect("nullif of text", try await books.values { ($0.id, $0.status.nullIf("draft")) })
        await django.expect("substr to the end", try await books.values { ($0.id, $0.title.substr(3)) })
        await django.expect("replaced by nothing", try await books.values { ($0.id, $0.title.replace("i", with: "")) })
        await django.expect(
            "position of a column", try await books.values { ($0.id, $0.title.strIndex($0.title.left(1))) })
        await django.expect(
            "nested functions",
            try await books.filter { $0.id != 6 }.values { ($0.id, $0.title.trim().reverse().left(3).upper()) })
        await django.expect(
            "filter by a function", try await ids(books.filter { $0.title.trim().length() < 6 }))
        await django.expect(
            "filter by two functions", try await ids(books.filter { $0.title.left(1) == $0.title.right(1).upper() }))
        await django.expect(
            "exclude by a function of null",
            try await ids(books.exclude { $0.subtitle.length() > 8 || $0.subtitle.isNull }))
        await django.expect(
            "order by a function",
            try await ids(Book.objects.filter { $0.id != 6 }.order { ($0.title.right(1).lower(), $0.id) }))
    }
}
