import MartletORM
import Testing

@Suite(.migratedPostgreSQL(Booking.self)) struct SearchOptionTests {
    private let fox = SearchQuery.plain("fox", language: "english")

    private func makeBooking() async throws {
        try await Booking.objects.create(
            Booking(room: 1, guest: "Ann", notes: "one two three four fox five six seven eight nine ten"))
    }

    @Test func `a headline is as long as it is told`() async throws {
        try await makeBooking()
        let fox = fox
        let lines: [(String, String)] = try await Booking.objects.values {
            (
                $0.notes.headline(fox, language: "english"),
                $0.notes.headline(
                    fox, language: "english", start: "<b>", stop: "</b>", maximumWords: 3, minimumWords: 1)
            )
        }
        #expect(lines.map(\.0) == ["one two three four <b>fox</b> five six seven eight nine ten"])
        #expect(lines.map(\.1) == ["<b>fox</b>"])
    }

    // PostgreSQL, "Ranking Search Results": 2 divides by the length of the document, which has twelve words here.
    @Test func `a rank may count the length of the document`() async throws {
        try await makeBooking()
        let fox = fox
        let ranks: [(Double, Double)] = try await Booking.objects.values {
            ($0.words.rank(fox), $0.words.rank(fox, normalization: 2))
        }
        let (plain, divided) = try #require(ranks.first)
        #expect(plain > 0)
        #expect(abs(plain / 12 - divided) < 0.000_001)
    }
}
