import FoundationEssentials
import MartletORM

// What is written: updates and many-to-many relations.

func `writing that compiles`(_ book: Book, _ label: Label, _ person: Person) async throws {
    try await Book.objects.update { $0.copies = $0.copies + 1 }
    try await Book.objects.update { $0.state = .inPrint }
    try await Book.objects.update { $0.publishedOn = nil }
    try await Book.objects.update { $0.author = ForeignKey(person) }
    try await book.add([label], to: \.labels)
}

func `a value of another type in an update`() async throws {
    // expected-error@+1 {{cannot assign value of type 'String' to type 'Expr<Int>'}}
    try await Book.objects.update { $0.copies = "three" }
}

func `an expression of another type in an update`() async throws {
    // expected-error@+1 {{cannot assign value of type 'Expr<Int>' to type 'Expr<String>'}}
    try await Book.objects.update { $0.title = $0.copies }
}

func `a reference to another model in an update`(_ label: Label) async throws {
    // expected-error@+2 {{'ForeignKey<Label>'}}
    // expected-error@+1 {{requires that 'ForeignKey<Person>' conform to 'FieldValue'}}
    try await Book.objects.update { $0.author = ForeignKey(label) }
}

func `a misspelt field in an update`() async throws {
    // expected-error@+1 {{has no dynamic member 'copys'}}
    try await Book.objects.update { $0.copys = 3 }
}

func `rows of another model in a many-to-many relation`(_ book: Book, _ person: Person) async throws {
    // expected-error@+1 {{cannot convert value of type 'KeyPath<Book, ManyToMany<Label>>'}}
    try await book.add([person], to: \.labels)
}
