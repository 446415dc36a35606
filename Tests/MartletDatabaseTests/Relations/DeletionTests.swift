import FoundationEssentials
import MartletORM
import Synchronization
import Testing

// After Django's tests/delete/tests.py. Left out is what needs multi-table inheritance, proxies or generic relations,
// which Martlet does not have.

private typealias D = Deleting

@Suite(.deleting) struct DeletionTests {
    /// The statements of an operation, less those of its transaction.
    private func statements(_ operation: () async throws -> Void) async throws -> [String] {
        let log = StatementLog()
        try await log.observing { try await operation() }
        return log.statements.map(\.sql).filter { sql in
            !["BEGIN", "COMMIT"].contains { sql.hasPrefix($0) }
        }
    }

    private func reloaded(_ a: D.A) async throws -> D.A { try await D.A.objects.get { $0.id == a.id } }

    @Test func `each rule does to the row that refers what its name says`() async throws {
        let first = try await D.spare()
        #expect(first.id == 1)
        func make(_ name: String, _ refer: (inout D.A, ForeignKey<D.R>) -> Void) async throws -> (D.A, D.R) {
            let r = try await D.R.objects.create(D.R())
            var a = D.A(name: name)
            refer(&a, ForeignKey(r))
            return (try await D.A.objects.create(a), r)
        }
        var (a, r) = try await make("cascade") { $0.cascade = $1 }
        #expect(try await r.delete().byModel == [D.A.modelName: 1, D.R.modelName: 1])
        #expect(try await D.A.objects.filter { $0.name == "cascade" }.count() == 0)
        (a, r) = try await make("set null") { $0.setNull = $1 }
        #expect(try await r.delete().total == 1)
        #expect(try await reloaded(a).setNull == nil)
        (a, r) = try await make("one to one") { $0.single = $1 }
        try await r.delete()
        #expect(try await reloaded(a).single == nil)
        (a, r) = try await make("set") { $0.setValue = $1 }
        try await r.delete()
        #expect(try await reloaded(a).setValue?.id == first.id)
        (a, r) = try await make("set to an id") { $0.setFixed = $1 }
        try await r.delete()
        #expect(try await reloaded(a).setFixed?.id == first.id)
        (a, r) = try await make("set default") { $0.setDefault = $1 }
        try await r.delete()
        #expect(try await reloaded(a).setDefault?.id == first.id)
        (a, r) = try await make("set default to nothing") { $0.setDefaultNone = $1 }
        try await r.delete()
        #expect(try await reloaded(a).setDefaultNone == nil)
    }

    @Test func `the row that is set is asked for only when a row needs it`() async throws {
        let r = try await D.R.objects.create(D.R())
        try await r.delete()
        #expect(try await D.R.objects.count() == 0)
        let used = try await D.R.objects.create(D.R())
        _ = try await D.R.objects.create(D.R())
        try await D.A.objects.create(D.A(setValue: ForeignKey(used), setDefault: nil))
        try await used.delete()
        #expect(try await D.R.objects.filter { $0.isDefault == true }.count() == 1)
        #expect(try await D.A.objects.filter { $0.setValue.isDefault == true }.count() == 1)
    }

    @Test func `a reference that is left alone breaks at the commit`() async throws {
        let r = try await D.R.objects.create(D.R())
        try await D.A.objects.create(D.A(setDefault: nil, nothing: ForeignKey(r)))
        let error = await #expect(throws: DatabaseError.self) { try await r.delete() }
        #expect(error?.kind == .foreignKeyViolation)
        #expect(try await D.R.objects.count() == 1)
        // Unless somebody mends it before.
        try await transaction {
            try await r.delete()
            try await D.A.objects.update { $0.nothing = nil }
        }
        #expect(try await D.R.objects.count() == 0)
    }

    @Test func `protecting rows are all named, and nothing is deleted`() async throws {
        let r = try await D.R.objects.create(D.R())
        try await D.A.objects.create(D.A(cascade: ForeignKey(r), setDefault: nil, protect: ForeignKey(r)))
        try await D.B.objects.create(D.B(protect: ForeignKey(r)))
        let error = await #expect(throws: ORMError.self) { try await r.delete() }
        #expect(
            error?.description
                == "The deleting.R cannot be deleted: 2 rows refer to it by 'deleting.A.protect', 'deleting.B.protect', "
                + "which is protected. Delete or change those first.")
        #expect(try await D.R.objects.count() == 1)
        #expect(try await D.A.objects.count() == 1)
    }

    @Test func `protection holds though the row itself would be deleted by another way, restriction does not`()
        async throws
    {
        let p = try await D.P.objects.create(D.P())
        let r = try await D.R.objects.create(D.R(p: ForeignKey(p)))
        try await D.A.objects.create(
            D.A(setDefault: nil, protect: ForeignKey(r), cascadeP: ForeignKey(p)))
        let error = await #expect(throws: ORMError.self) { try await p.delete() }
        guard case .protected("deleting.R", "deleting.A.protect", 1)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        try await D.A.objects.update {
            $0.protect = nil; $0.restrict = ForeignKey(r)
        }
        #expect(try await p.delete().total == 3)
        #expect(try await D.A.objects.count() == 0)
    }

    @Test func `restricting rows are all named`() async throws {
        let r = try await D.R.objects.create(D.R())
        try await D.A.objects.create(D.A(setDefault: nil, restrict: ForeignKey(r)))
        try await D.B3.objects.create(D.B3(restrict: ForeignKey(r)))
        let error = await #expect(throws: ORMError.self) { try await r.delete() }
        #expect(
            error?.description
                == "The deleting.R cannot be deleted: 2 rows refer to it by 'deleting.A.restrict', 'deleting.B3.restrict', "
                + "which restricts it, and are not deleted with it. Delete or change those first.")
        #expect(try await D.R.objects.count() == 1)
    }

    @Test func `a restricted row goes when a cascade reaches it by a longer way`() async throws {
        let p = try await D.P.objects.create(D.P())
        let r = try await D.R.objects.create(D.R(p: ForeignKey(p)))
        let other = try await D.R.objects.create(D.R())
        try await D.A.objects.create(
            D.A(cascade: ForeignKey(other), setDefault: nil, restrict: ForeignKey(r)))
        let error = await #expect(throws: ORMError.self) { try await p.delete() }
        guard case .restricted("deleting.P", "deleting.A.restrict", 1)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        var second = other
        second.p = ForeignKey(p)
        try await second.save()
        try await p.delete()
        #expect(try await D.A.objects.count() == 0)
        #expect(try await D.R.objects.count() == 0)
    }

    @Test func `of a diamond only the top can be deleted`() async throws {
        let top = try await D.Top.objects.create(D.Top())
        let left = try await D.Left.objects.create(D.Left(top: ForeignKey(top)))
        let right = try await D.Right.objects.create(D.Right(top: ForeignKey(top)))
        try await D.Bottom.objects.create(D.Bottom(left: ForeignKey(left), right: ForeignKey(right)))
        let error = await #expect(throws: ORMError.self) { try await left.delete() }
        guard case .restricted("deleting.Left", "deleting.Bottom.left", 1)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try await D.Bottom.objects.count() == 1)
        // The bottom goes by a condition here, unread, and is found nevertheless.
        #expect(try await top.delete().total == 4)
        #expect(try await D.Left.objects.count() == 0)
    }

    @Test func `links go along and are counted, from either side`() async throws {
        let m = try await D.M.objects.create(D.M())
        let r = try await D.R.objects.create(D.R())
        try await m.add([r], to: \.all)
        try await m.add([r], to: \.through)
        let links = ModelName(app: "deleting", name: "M_all")
        #expect(try await r.delete().byModel == [D.R.modelName: 1, links: 1])
        #expect(try await D.MR.objects.get().r == nil)
        #expect(try await m.related(\.through).count() == 0)
        let second = try await D.R.objects.create(D.R())
        try await m.add([second], to: \.all)
        let result = try await m.delete()
        #expect(result.byModel == [D.M.modelName: 1, links: 1, D.MR.modelName: 1])
        #expect(result.count(of: D.MR.self) == 1)
        #expect(try await D.R.objects.count() == 1)
    }

    @Test func `rows nobody follows go by one statement, unread`() async throws {
        let avatars = try await D.Avatar.objects.createMany([D.Avatar(text: "a"), D.Avatar(text: "b")])
        let users = try await D.User.objects.createMany((0..<2000).map { _ in D.User(avatar: ForeignKey(avatars[0])) })
        #expect(try await statements { try await users[0].delete() }.count == 1)
        let joined = try await statements {
            let none = try await D.User.objects.filter { $0.avatar.text == "b" }.delete()
            #expect(none.total == 0 && none.byModel.isEmpty)
        }
        #expect(joined.count == 1)
        let both = try await statements {
            let deleted = try await avatars[0].delete()
            #expect(deleted.total == 2000)
        }
        #expect(both.count == 2 && both.allSatisfy { $0.hasPrefix("DELETE") })
        let base = try await D.Base.objects.create(D.Base())
        #expect(try await statements { try await base.delete() }.count == 1)
        let all = try await statements { try await D.User.objects.delete() }
        #expect(all.count == 1 && !all[0].contains("SELECT"))
    }

    @Test func `a cascade of several levels reads each once, in parts`() async throws {
        let s = try await D.S.objects.create(D.S(r: ForeignKey(try await D.R.objects.create(D.R()))))
        let rows = try await D.T.objects.createMany((0..<2500).map { _ in D.T(s: ForeignKey(s)) })
        try await D.U.objects.create(D.U(t: ForeignKey(rows[2499])))
        let sql = try await statements {
            let deleted = try await s.delete()
            #expect(deleted.total == 2502)
        }
        // T is read once; its U go by condition; T by three, S by one.
        #expect(sql.filter { $0.hasPrefix("SELECT") }.count == 1)
        #expect(sql.filter { $0.hasPrefix("DELETE FROM \"deleting_t\"") }.count == 3)
        #expect(try await D.U.objects.count() == 0)
    }

    @Test func `tables that refer to each other are deleted together`() async throws {
        var hen = try await D.Hen.objects.create(D.Hen())
        let egg = try await D.Egg.objects.create(D.Egg(of: ForeignKey(hen)))
        hen.from = ForeignKey(egg)
        try await hen.save()
        #expect(try await egg.delete().total == 2)
        #expect(try await D.Hen.objects.count() == 0)
    }

    @Test func `hooks hear of every row, those that refer first`() async throws {
        let notes = Mutex<[String]>([])
        @Sendable func note(_ text: String) { notes.withLock { $0.append(text) } }
        let database = try Database.hearing(
            .beforeDelete(D.R.self) { row, event in note("before R \(row.id) of \(event.origin.name)") },
            .beforeDelete(D.S.self) { row, event in note("before S \(row.id) of \(event.origin.name)") },
            .beforeDelete(D.T.self) { row, _ in note("before T \(row.id)") },
            .afterDelete(D.R.self) { row, _ in note("after R \(row.id)") },
            .afterDelete(D.S.self) { row, _ in
                let owner = try #require(row.r.id)
                let isThere = try await D.R.objects.filter { $0.id == owner }.exists()
                #expect(isThere)
                note("after S \(row.id)")
            },
            .afterDelete(D.T.self) { row, _ in note("after T \(row.id)") })
        try await database.use {
            let r = try await D.R.objects.create(D.R())
            let one = try await D.S.objects.create(D.S(r: ForeignKey(r)))
            let two = try await D.S.objects.create(D.S(r: ForeignKey(r)))
            try await D.T.objects.createMany([D.T(s: ForeignKey(one)), D.T(s: ForeignKey(two))])
            #expect(try await r.delete().total == 5)
        }
        // As Django's test_deletion_order: by key before, backwards after.
        #expect(
            notes.withLock { $0 } == [
                "before T 1", "before T 2", "before S 1 of R", "before S 2 of R", "before R 1 of R",
                "after T 2", "after T 1", "after S 2", "after S 1", "after R 1",
            ])
    }

    @Test func `an error of a hook keeps everything`() async throws {
        struct Stop: Error {}
        let database = try Database.hearing(.afterDelete(D.S.self) { _, _ in throw Stop() })
        try await database.use {
            let r = try await D.R.objects.create(D.R())
            try await D.S.objects.create(D.S(r: ForeignKey(r)))
            await #expect(throws: Stop.self) { try await r.delete() }
            #expect(try await D.S.objects.count() == 1)
            #expect(try await D.R.objects.count() == 1)
        }
    }
}
