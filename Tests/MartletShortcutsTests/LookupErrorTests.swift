import MartletHTTP
import MartletORM
import MartletShortcuts
import Testing

private struct Note: Model {
    var id = 0
    var title = ""
    static let appLabel = "notes"
    static let table = Table<Note>(.auto(\.id), .char(\.title, maxLength: 50))
}

@Suite struct LookupErrorTests {
    @Test func `a misspelt filter is the client's mistake`() throws {
        let error = try #require(
            #expect(throws: LookupError.self) { _ = try Note.objects.filter(lookup: "id__gt", "x") })
        let known = try #require(error as any Error as? any HTTPResponseError)
        #expect(known.status == .badRequest)
        #expect(known.message == "The filter 'id__gt' must be a whole number, but it is 'x'.")
        #expect(known.input == InputProblem(field: "id__gt", rule: .integer))
        #expect(!known.isReported)
    }
}

@Suite struct DatabaseErrorResponseTests {
    @Test func `a null character is the client's mistake, and any other value the server's`() {
        let null = DatabaseError(.invalidValue, "parameter 1 holds U+0000", code: "22021")
        #expect((null as any HTTPResponseConvertible).httpError?.status == .badRequest)
        #expect(null.httpError?.message == "Null characters are not allowed.")
        #expect(DatabaseError(.invalidValue, "out of range", code: "22003").httpError == nil)
        #expect(DatabaseError(.uniqueViolation, "there already", code: "23505").httpError == nil)
    }
}
