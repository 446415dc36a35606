import FoundationEssentials
import MartletORM
import Testing

/// Expectations are those of Django's `tests/expressions_window/tests.py`.
@Suite(.bookshop) struct WindowTests {
    @Test func `rows are numbered and ranked`() async throws {
        try await Bookshop.makeEmployees()
        let rows = try await Employee.objects.order { $0.id.ascending }.annotate {
            (
                Window.rowNumber.over(orderBy: $0.id.ascending), Window.rank.over(orderBy: $0.hiredOn.year.ascending),
                Window.denseRank.over(orderBy: $0.hiredOn.year.ascending)
            )
        }.all()
        #expect(rows.map(\.1) == Array(1...12))
        #expect(rows.map(\.2) == [1, 6, 5, 11, 4, 6, 10, 6, 9, 11, 1, 1])
        #expect(rows.map(\.3) == [1, 4, 3, 7, 2, 4, 6, 4, 5, 7, 1, 1])
    }

    @Test func `ranks as parts of the whole`() async throws {
        try await Bookshop.makeEmployees()
        let rows = try await Employee.objects.filter { $0.department == "Accounting" }.order {
            ($0.salary.ascending, $0.id.ascending)
        }.annotate {
            (
                Window.percentRank.over(partitionBy: $0.department, orderBy: $0.salary.ascending),
                Window.cumulativeDistribution.over(partitionBy: $0.department, orderBy: $0.salary.ascending),
                Window.ntile(2).over(orderBy: $0.salary.ascending, $0.id.ascending)
            )
        }.all()
        #expect(zip(rows.map(\.1), [0, 1.0 / 3, 1.0 / 3, 1]).allSatisfy { isAbout($0, $1) })
        #expect(rows.map(\.2) == [0.25, 0.75, 0.75, 1])
        #expect(rows.map(\.3) == [1, 1, 2, 2])
    }

    @Test func `aggregates run over the rows around each row`() async throws {
        try await Bookshop.makeEmployees()
        let running = try await Employee.objects.annotate {
            $0.salary.sum().over(partitionBy: $0.department, orderBy: $0.hiredOn.ascending)
        }.order { ($0.department.ascending, $1.ascending) }.all()
        #expect(
            running.map(\.1) == [
                45000, 90000, 127_000, 177_000, 60000, 94000, 100_000, 180_000, 38000, 78000, 55000, 108_000,
            ])
        let means: [(String, Double?)] = try await Employee.objects.order { $0.id.ascending }
            .values { ($0.name, $0.salary.average().over(partitionBy: $0.department)) }
        #expect(means.map(\.1)[..<5] == [44250, 44250, 44250, 44250, 54000])
        let counts: [Int] = try await Employee.objects.order { $0.id.ascending }
            .values { $0.id.count(filter: $0.age < 40).over(partitionBy: $0.department) }
        #expect(counts[..<6] == [3, 3, 3, 3, 2, 2])
        let spread: [Double?] = try await Employee.objects.filter { $0.department == "IT" }.order { $0.id.ascending }
            .values { $0.salary.standardDeviation().over(orderBy: $0.id.ascending, frame: .rows(from: .preceding(1))) }
        #expect(spread == [0, 13000])
    }

    @Test func `neighbours in the order are seen`() async throws {
        try await Bookshop.makeEmployees()
        let rows = try await Employee.objects.order {
            ($0.department.ascending, $0.salary.ascending, $0.name.ascending)
        }
        .annotate {
            (
                $0.salary.lag().over(partitionBy: $0.department, orderBy: $0.salary.ascending, $0.name.ascending),
                $0.salary.lead(2, default: 0).over(
                    partitionBy: $0.department, orderBy: $0.salary.ascending, $0.name.ascending)
            )
        }.all()
        #expect(
            rows.map(\.1) == [
                nil, 37000, 45000, 45000, nil, 34000, nil, 80000, nil, 38000, nil, 53000,
            ])
        #expect(rows.map(\.2)[..<6] == [45000, 50000, 0, 0, 0, 0])
        let bounds = try await Employee.objects.filter { $0.department == "Accounting" }.order { $0.id.ascending }
            .annotate {
                (
                    $0.name.firstValue().over(orderBy: $0.salary.ascending),
                    $0.name.lastValue().over(
                        orderBy: $0.salary.ascending, frame: .rows(from: .unboundedPreceding, to: .unboundedFollowing)),
                    $0.name.nthValue(4).over(
                        orderBy: $0.salary.ascending, frame: .range(from: .unboundedPreceding, to: .unboundedFollowing)),
                    $0.name.nthValue(9).over(orderBy: $0.salary.ascending)
                )
            }.all()
        #expect(bounds.map(\.1) == ["Williams", "Williams", "Williams", "Williams"])
        #expect(bounds.map(\.2) == ["Adams", "Adams", "Adams", "Adams"])
        #expect(bounds.map(\.3) == ["Adams", "Adams", "Adams", "Adams"])
        #expect(bounds.map(\.4) == [nil, nil, nil, nil])
    }

    @Test func `a frame chooses the rows around`() async throws {
        try await Bookshop.makeEmployees()
        let sales = Employee.objects.filter { $0.department == "Accounting" }.order { $0.id.ascending }
        let rows = try await sales.annotate {
            (
                $0.age.sum().over(orderBy: $0.id.ascending, frame: .rows(from: .preceding(1), to: .following(1))),
                $0.age.sum().over(
                    orderBy: $0.id.ascending,
                    frame: .rows(from: .unboundedPreceding, to: .unboundedFollowing, excluding: .currentRow)),
                $0.id.count().over(
                    orderBy: $0.age.ascending, frame: .range(from: .currentRow, to: .unboundedFollowing)),
                $0.id.count().over(orderBy: $0.age.ascending, frame: .groups(from: .preceding(1), to: .currentRow))
            )
        }.all()
        #expect(rows.map(\.1) == [40, 60, 90, 70])
        #expect(rows.map(\.2) == [90, 90, 90, 60])
        #expect(rows.map(\.3) == [4, 4, 4, 1])
        #expect(rows.map(\.4) == [3, 3, 3, 4])
    }

    @Test func `rows are found by a window function`() async throws {
        try await Bookshop.makeEmployees()
        let best = Employee.objects.filter {
            Window.rowNumber.over(partitionBy: $0.department, orderBy: $0.salary.descending) == 1
        }
        let names = ["Adams", "Miller", "Johnson", "Smith", "Wilkinson"]
        #expect(try await best.all().map(\.name).sorted() == names.sorted())
        #expect(try await best.count() == 5)
        #expect(try await best.exists())
        #expect(try await best.order { $0.salary.descending }.limit(2).all().map(\.salary) == [100_000, 60000])
        #expect(try await best.order { $0.salary.ascending }.offset(1).first()?.salary == 50000)
        #expect(try await best.filter { $0.salary > 50000 }.count() == 3)
        #expect(try await best.aggregate { $0.salary.sum() } == 305_000)
        #expect(try await Employee.objects.filter { $0.id.in(best) { $0.id } }.count() == 5)
        let values: [(String, Int)] = try await best.order { $0.department.ascending }.values {
            ($0.department, $0.salary)
        }
        #expect(values.map(\.1) == [50000, 60000, 100_000, 40000, 55000])
        #expect(try await best.update { $0.age = 1 } == 5)
        #expect(try await best.delete().total == 5)
        #expect(try await Employee.objects.count() == 7)
    }

    @Test func `a window function looks at all rows that other conditions leave, also beside one`() async throws {
        try await Bookshop.makeEmployees()
        // Only ages below 50: the numbers are given before, and kept after, the window's own condition.
        let rows = try await Employee.objects
            .annotate { Window.rank.over(partitionBy: $0.department, orderBy: $0.salary.descending) }
            .filter { employee, rank in rank <= 2 && employee.age < 50 }
            .order { ($0.department.ascending, $1.ascending, $0.name.ascending) }
            .all()
        #expect(
            rows.map(\.0.name) == [
                "Jenson", "Jones", "Wilkinson", "Moore", "Miller", "Johnson", "Smith", "Smith", "Brown",
            ])
        #expect(rows.map(\.1) == [1, 1, 1, 2, 1, 1, 2, 1, 2])
        let excluded = Employee.objects.exclude { Window.rank.over(orderBy: $0.salary.descending) > 3 }
        #expect(try await excluded.count() == 3)
        let either = Employee.objects.filter {
            Window.rank.over(orderBy: $0.salary.descending) == 1 || $0.name == "Moore"
        }
        #expect(try await either.all().map(\.name).sorted() == ["Miller", "Moore"])
    }

    @Test func `groups are ranked by their aggregates`() async throws {
        try await Bookshop.makeEmployees()
        let rows: [(String, Int?, Int)] = try await Employee.objects.order { $0.department.ascending }.values {
            ($0.department, $0.salary.sum(), Window.rank.over(orderBy: $0.salary.sum().descending))
        }
        #expect(rows.map(\.0) == ["Accounting", "IT", "Management", "Marketing", "Sales"])
        #expect(rows.map(\.1) == [177_000, 94000, 180_000, 78000, 108_000])
        #expect(rows.map(\.2) == [2, 4, 1, 5, 3])
    }

    @Test func `window functions are aggregated as annotations`() async throws {
        try await Bookshop.makeEmployees()
        let ranked = Employee.objects.annotate { Window.denseRank.over(orderBy: $0.salary.ascending) }
        #expect(try await ranked.aggregate { $1.max() } == 11)
        let (count, salaries) = try await ranked.filter { $1 > 9 }.aggregate { ($1.count(), $0.salary.sum()) }
        #expect(count == 2 && salaries == 180_000)
    }

    @Test func `what a window function cannot be is refused with the remedy`() async throws {
        try await Bookshop.makeEmployees()
        let wrong: [(String, QuerySet<Employee>)] = [
            ("no aggregate", Employee.objects.filter { $0.salary.over() > 1 }),
            ("1 part or more", Employee.objects.filter { _ in Window.ntile(0).over() == 1 }),
            ("1 row away or more", Employee.objects.filter { $0.salary.lag(0).over() == 1 }),
            ("1 row away or more", Employee.objects.filter { $0.salary.lead(-1).over() == 1 }),
            ("counts rows from 1", Employee.objects.filter { $0.salary.nthValue(0).over() == 1 }),
            (
                "0 or more rows away",
                Employee.objects.filter { $0.salary.sum().over(frame: .rows(from: .preceding(-1))) == 1 }
            ),
            (
                "ends before it begins",
                Employee.objects.filter {
                    $0.salary.sum().over(frame: .rows(from: .following(2), to: .following(1))) == 1
                }
            ),
            ("cannot look at a window", Employee.objects.filter { _ in Window.rowNumber.over().sum() == 1 }),
        ]
        for (text, query) in wrong {
            #expect(await refusal { _ = try await query.all() }?.contains(text) == true, "\(text)")
        }
        #expect(
            await refusal { _ = try await Employee.objects.aggregate { _ in Window.rowNumber.over() } }?
                .contains("Annotate the rows with it") == true)
        #expect(
            await refusal { _ = try await Volume.objects.filter { $0.writers.age.sum().over() > 1 }.all() }?
                .contains("relation to many would repeat") == true)
        #expect(
            await refusal {
                try await Employee.objects.update { $0.age = Window.rowNumber.over(orderBy: $0.id.ascending) }
            }?
            .hasPrefix("An update sets each row by itself") == true)
    }
}
