import FoundationEssentials
import MartletORM
import Testing

/// Many rows at once, with something wrong in the middle: a full disk, or a row that a constraint refuses.
///
/// One test at a time, since they share the server's disk.
@Suite(.serialized, .timeLimit(.minutes(3))) struct BatchFaultTests {
    enum Fault: String, CaseIterable, CustomTestStringConvertible {
        case fullDisk = "a full disk"
        case twice = "a number that is there already"
        case negative = "a number below zero"

        var testDescription: String { rawValue }

        var kind: DatabaseError.Kind {
            switch self {
            case .fullDisk: .diskFull
            case .twice: .uniqueViolation
            case .negative: .checkViolation
            }
        }

        /// What PostgreSQL and SQLite call it.
        var codes: [String] {
            switch self {
            case .fullDisk: ["53100", "13"]
            case .twice: ["23505", "2067"]
            case .negative: ["23514", "275"]
            }
        }
    }

    enum Batch: String, CaseIterable, CustomTestStringConvertible {
        case copied = "createMany by COPY"
        case inserted = "createMany by INSERT"
        case pipelined = "a pipeline in a transaction"
        case statements = "statements of a transaction"

        var testDescription: String { rawValue }

        /// A thousand rows of a model whose keys are made here are copied to PostgreSQL.
        var count: Int { self == .copied ? 1_500 : 400 }
    }

    /// Numbers of rows, of which the one in the middle is wrong.
    private static func numbers(_ count: Int, _ fault: Fault?) -> [Int] {
        var numbers = Array(1...count)
        switch fault {
        case .twice: numbers[count / 2] = 0
        case .negative: numbers[count / 2] = -1
        case .fullDisk, nil: break
        }
        return numbers
    }

    private static let body = String(repeating: "0123456789", count: 100)

    private static func insertion(_ number: Int) throws -> Statement {
        let place = try Database.current.dialect.placeholder
        return Statement(
            "INSERT INTO store_crate (id, number, body) VALUES (\(place(1)), \(place(2)), \(place(3)))",
            [.uuid(UUID.v7()), .integer(Int64(number)), .text(body)])
    }

    private static func write(_ batch: Batch, _ numbers: [Int]) async throws {
        switch batch {
        case .copied: try await Crate.objects.createMany(numbers.map { Crate(number: $0, body: body) })
        case .inserted: try await Carton.objects.createMany(numbers.map { Carton(number: $0, body: body) })
        case .pipelined:
            try await transaction {
                for result in try await Database.current.pipeline(numbers.map(insertion)) { _ = try result.get() }
            }
        case .statements:
            try await transaction {
                for number in numbers { try await Crate.objects.create(Crate(number: number, body: body)) }
            }
        }
    }

    private static func count() async throws -> Int {
        let (crates, cartons) = (try await Crate.objects.count(), try await Carton.objects.count())
        return crates + cartons
    }

    @Test(arguments: Batch.allCases, Fault.allCases)
    func `a batch with a fault in it leaves nothing, and the next one works`(
        _ batch: Batch, _ fault: Fault
    ) async throws {
        try await FaultyDatabase.onEach { faulty in
            try await Crate.objects.create(Crate(body: Self.body))
            try await Carton.objects.create(Carton(body: Self.body))
            let log = StatementLog()
            if fault == .fullDisk { try await faulty.setDiskFull(true) }
            let error = await #expect(throws: DatabaseError.self) {
                try await log.observing { try await Self.write(batch, Self.numbers(batch.count, fault)) }
            }
            #expect(error?.kind == fault.kind, "\(error?.description ?? "")")
            #expect(fault.codes.contains(error?.code ?? ""), "\(error?.code ?? "no code")")
            #expect(error?.sql?.contains("store_") == true)
            #expect(faulty.busy == 0)
            // What is there can be read while the disk is full.
            #expect(try await Self.count() == 2)
            if fault == .fullDisk { try await faulty.setDiskFull(false) }
            let copies = log.statements.count { $0.sql.hasPrefix("COPY") }
            let isCopied = batch == .copied && faulty.database.dialect.name == "postgresql"
            #expect(copies == (isCopied ? 1 : 0))
            try await Self.write(batch, Self.numbers(batch.count, nil))
            #expect(try await Self.count() == 2 + batch.count)
            #expect(faulty.busy == 0)
        }
    }

    @Test(arguments: Fault.allCases)
    func `in a pipeline outside of a transaction each statement is told what became of it`(
        _ fault: Fault
    ) async throws {
        try await FaultyDatabase.onEach { faulty in
            try await Crate.objects.create(Crate(body: Self.body))
            let statements = try Self.numbers(400, fault).map(Self.insertion)
            if fault == .fullDisk { try await faulty.setDiskFull(true) }
            let results = try await faulty.database.pipeline(statements)
            if fault == .fullDisk { try await faulty.setDiskFull(false) }
            #expect(results.count == 400)
            let errors = results.compactMap { result -> DatabaseError? in
                if case .failure(let error) = result { error } else { nil }
            }
            #expect(errors.allSatisfy { $0.kind == fault.kind })
            #expect(fault == .fullDisk ? errors.count > 1 && errors.count < 400 : errors.count == 1)
            #expect(try await Self.count() == 401 - errors.count)
            #expect(faulty.busy == 0)
            _ = try await faulty.database.pipeline([Self.insertion(1_001), Self.insertion(1_002)]).map { try $0.get() }
            #expect(try await Self.count() == 403 - errors.count)
        }
    }

    // SQLite gives up the whole transaction when the disk is full: https://www.sqlite.org/lang_transaction.html, 3.1
    @Test func `a nested transaction that meets a full disk leaves the outer one on PostgreSQL, and ends it on SQLite`()
        async throws
    {
        try await FaultyDatabase.onEach { faulty in
            let isPostgreSQL = faulty.database.dialect.name == "postgresql"
            var end: DatabaseError?
            do {
                try await transaction {
                    try await Crate.objects.create(Crate(number: 1))
                    try await faulty.setDiskFull(true)
                    let error = await #expect(throws: DatabaseError.self) {
                        try await transaction { try await Self.write(.statements, Array(2...400)) }
                    }
                    #expect(error?.kind == .diskFull)
                    if isPostgreSQL { try await faulty.setDiskFull(false) }
                    try await Crate.objects.create(Crate(number: 2))
                }
            } catch let error as DatabaseError {
                end = error
            }
            try await faulty.setDiskFull(false)
            let isLost = end?.message.hasPrefix("The transaction was rolled back when an earlier statement") == true
            #expect(isPostgreSQL ? end == nil : isLost, "\(end?.description ?? "no error")")
            let numbers = try await Crate.objects.order { $0.number }.all().map(\.number)
            #expect(numbers == (isPostgreSQL ? [1, 2] : []))
            try await Crate.objects.create(Crate(number: 3))
            #expect(faulty.busy == 0)
        }
    }
}
