import FoundationEssentials
import MartletORM

// Queries over the models of `Tests/MartletSQLiteTests/Library.swift`.
// A marked line must not compile, with that text in the message; an unmarked one must.

func `conditions that compile`(_ person: Person) {
    _ = Book.objects.filter { $0.title == "Emma" && $0.copies > 2 && $0.state == .draft }
    _ = Book.objects.filter { $0.title.icontains("em") || !$0.title.in(["Emma", "Persuasion"]) }
    _ = Book.objects.filter { $0.publishedOn == nil && $0.publishedOn.year == 1815 && $0.author == person }
    _ = Book.objects.exclude { $0.author.name == "Ann" && $0.labels.name == "novel" && $0.reviews.count > 3 }
    _ = Book.objects.filter { $0.copies < $0.reviews.count && $0.copies + 1 >= 2 }
}

func `a misspelt field`() {
    // expected-error@+1 {{has no dynamic member 'titel'}}
    _ = Book.objects.filter { $0.titel == "Emma" }
}

func `a misspelt relation`() {
    // expected-error@+2 {{has no dynamic member 'autor'}}
    // expected-error@+1 {{could not be inferred}}
    _ = Book.objects.filter { $0.autor.name == "Ann" }
}

func `a value of another type after ==`() {
    // expected-error@+1 {{cannot convert value of type 'String' to expected argument type 'Int'}}
    _ = Book.objects.filter { $0.copies == "three" }
}

func `a value of another type after <`() {
    // expected-error@+1 {{cannot convert value of type 'Expr<Int>'}}
    _ = Book.objects.filter { $0.copies < "three" }
}

func `values of another type in a list`() {
    // expected-error@+1 {{cannot convert value of type 'String' to expected element type 'Int'}}
    _ = Book.objects.filter { $0.copies.in(["three"]) }
}

func `a text lookup on a number`() {
    // expected-error@+1 {{requires that 'Int' conform to 'TextValue'}}
    _ = Book.objects.filter { $0.copies.icontains("3") }
}

func `nil where the column cannot be null`() {
    // expected-error@+1 {{'nil' is not compatible with expected argument type 'Int'}}
    _ = Book.objects.filter { $0.copies == nil }
}

func `a case that the choices do not have`() {
    // expected-error@+2 {{'lost'}}
    // expected-error@+1 {{cannot convert value of type 'Expr<Book.State>'}}
    _ = Book.objects.filter { $0.state == .lost }
}

func `two columns of different types`() {
    // expected-error@+1 {{requires the types 'String' and 'Int' be equivalent}}
    _ = Book.objects.filter { $0.title == $0.copies }
}

func `a property of another model over a foreign key`() {
    // expected-error@+1 {{has no dynamic member 'title'}}
    _ = Book.objects.filter { $0.author.title == "Emma" }
}

func `a property of another model over many-to-many`() {
    // expected-error@+1 {{has no dynamic member 'stars'}}
    _ = Book.objects.filter { $0.labels.stars > 3 }
}

func `a row of another model for a foreign key`(_ label: Label) {
    // expected-error@+1 {{requires that 'Label' conform to 'ColumnScope'}}
    _ = Book.objects.filter { $0.author == label }
}

func `a column that is not a condition`() {
    // expected-error@+1 {{to closure result type 'Condition'}}
    _ = Book.objects.filter { $0.title }
}

// Orders, relations to load, and what is selected.

func `reading that compiles`() async throws {
    _ = try await Book.objects.order { ($0.publishedOn.descending.nullsLast, $0.title.ascending) }.all()
    _ = Review.objects.selectRelated { $0.book.author }.prefetch { $0.book.labels }
    let rows: [(String, String, Int)] = try await Book.objects.values { ($0.title, $0.author.name, $0.reviews.count) }
    _ = rows
}

func `a tuple of other types than the selected columns`() async throws {
    // expected-error@+1 {{is not convertible to tuple type}}
    let rows: [(String, String)] = try await Book.objects.values { ($0.title, $0.copies) }
    _ = rows
}

func `a column behind what may be missing, as one that is there`() async throws {
    // expected-error@+1 {{cannot convert}}
    let rows: [String] = try await Book.objects.values { $0.editor.name }
    _ = rows
}

func `whether a required reference leads to nothing`() {
    // expected-error@+1 {{has no dynamic member 'isNull'}}
    _ = Book.objects.filter { $0.author.isNull }
}

func `a relation compared with one to another model`() {
    // expected-error@+1 {{requires the types 'Person' and 'Label' be equivalent}}
    _ = Book.objects.filter { $0.author == $0.labels }
}

func `relations that compile`(_ person: Person, _ label: Label) async throws {
    _ = Book.objects.filter { $0.editor.isNull || $0.editor.name == "Ann" || $0.editor == nil }
    _ = Book.objects.filter { $0.editor == $0.author || $0.editor == person || $0.author != $0.editor }
    _ = Book.objects.filter { $0.editor.name == $0.author.name && $0.labels == label && $0.author.in([person]) }
    _ = Book.objects.filter { $0.author.in(Person.objects.filter { $0.isActive }) && $0.editor.id.in([1, 2]) }
    _ = Book.objects.selectRelated { $0.editor }.prefetch({ $0.reviews }, using: Review.objects.limit(3))
    let rows: [(String, String?, String?)] = try await Book.objects
        .values { ($0.title, $0.editor.name, $0.labels.name) }
    _ = rows
}

func `a query of another model for a prefetch`() {
    // expected-error@+1 {{cannot convert value of type 'QuerySet<Label>'}}
    _ = Book.objects.prefetch({ $0.reviews }, using: Label.objects)
}

func `joining a relation to many rows`() {
    // expected-error@+1 {{requires that 'RelatedColumns<Label>' conform to 'SingleColumnScope'}}
    _ = Book.objects.selectRelated { $0.labels }
}

func `joining a relation that does not exist`() {
    // expected-error@+2 {{has no dynamic member 'publisher'}}
    // expected-error@+1 {{could not be inferred}}
    _ = Book.objects.selectRelated { $0.publisher }
}

func `prefetching a relation that does not exist`() {
    // expected-error@+2 {{has no dynamic member 'publisher'}}
    // expected-error@+1 {{could not be inferred}}
    _ = Book.objects.prefetch { $0.publisher }
}

func `prefetching a column`() {
    // expected-error@+1 {{requires that 'Expr<String>' conform to 'ColumnScope'}}
    _ = Book.objects.prefetch { $0.title }
}
