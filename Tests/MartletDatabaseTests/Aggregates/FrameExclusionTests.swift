import MartletORM
import Testing

/// PostgreSQL, "Window Function Calls", `EXCLUDE`; SQLite has the same.
@Suite(.bookshop) struct FrameExclusionTests {
    @Test func `a frame leaves out the row, its equals, or both`() async throws {
        try await Bookshop.makeEmployees()
        // Ages 20, 20, 20 and 50.
        let rows = try await Employee.objects.filter { $0.department == "Accounting" }.order { $0.id.ascending }
            .annotate {
                (
                    $0.age.sum().over(orderBy: $0.age.ascending, frame: Self.all()),
                    $0.age.sum().over(orderBy: $0.age.ascending, frame: Self.all(excluding: .currentRow)),
                    $0.age.sum().over(orderBy: $0.age.ascending, frame: Self.all(excluding: .ties)),
                    $0.age.sum().over(orderBy: $0.age.ascending, frame: Self.all(excluding: .group))
                )
            }.all()
        #expect(rows.map(\.0.age) == [20, 20, 20, 50])
        #expect(rows.map(\.1) == [110, 110, 110, 110])
        #expect(rows.map(\.2) == [90, 90, 90, 60])
        #expect(rows.map(\.3) == [70, 70, 70, 110])
        #expect(rows.map(\.4) == [50, 50, 50, 60])
    }

    private static func all(excluding exclusion: WindowFrame.Exclusion? = nil) -> WindowFrame {
        .rows(from: .unboundedPreceding, to: .unboundedFollowing, excluding: exclusion)
    }
}
