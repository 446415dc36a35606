import MartletORM

// A marked line must not compile, with that text in the message; an unmarked one must.

func `aggregates that compile`() async throws {
    let (copies, mean): (Int?, Double?) = try await Book.objects.aggregate { ($0.copies.sum(), $0.copies.average()) }
    let total: Int = try await Book.objects.aggregate { $0.copies.sum(default: 0) }
    let rows: [(Book, Int)] = try await Book.objects.annotate { $0.reviews.count }
        .filter { book, reviews in reviews > 3 }.order { book, reviews in reviews.descending }.all()
    let authors: [(String, Int)] = try await Book.objects.values { ($0.author.name, $0.id.count()) }
    _ = (copies, mean, total, rows, authors)
}

func `a sum of texts`() {
    // expected-error@+1 {{requires that 'String' conform to 'SummableValue'}}
    _ = Book.objects.annotate { $0.title.sum() }
}

func `the largest of truth values`() {
    // expected-error@+1 {{conform to 'Comparable'}}
    _ = Person.objects.annotate { $0.isActive.max() }
}

func `a window function without its rows`() {
    // expected-error@+1 {{'WindowFunction<Int>'}}
    _ = Book.objects.filter { _ in Window.rowNumber == 1 }
}

func `values in two steps`() {
    // expected-error@+1 {{give all values in one annotate}}
    _ = Book.objects.annotate { $0.reviews.count }.annotate { $0.copies }
}

func `an annotation of another type`() {
    // expected-error@+1 {{is not convertible to tuple type 'Expr<String>'}}
    _ = Book.objects.annotate { $0.reviews.count }.filter { book, reviews in reviews == "three" }
}
