import FoundationEssentials
import MartletORM
import Testing

/// Tables and columns whose names are given by `name:` and `column:`, in every kind of statement.
@Suite(.migrated(Shop.self, Mark.self, Ware.self)) struct OwnNameTests {
    private struct Stock {
        var north: Shop
        var south: Shop
        var tea: Ware
        var rice: Ware
        var salt: Ware
    }

    /// Two shops; rice is the partner of tea, and salt is in the south.
    private func makeStock() async throws -> Stock {
        let north = try await Shop.objects.create(Shop(name: "North"))
        let south = try await Shop.objects.create(Shop(name: "South"))
        let rice = try await Ware.objects.create(Ware(title: "Rice", price: 3, shop: ForeignKey(north)))
        let tea = try await Ware.objects.create(
            Ware(title: "Tea", price: 5, note: "green", shop: ForeignKey(north), partner: ForeignKey(rice)))
        let salt = try await Ware.objects.create(Ware(title: "Salt", price: 1, shop: ForeignKey(south)))
        let (cheap, new) = (
            try await Mark.objects.create(Mark(word: "cheap")), try await Mark.objects.create(Mark(word: "new"))
        )
        try await salt.add([cheap], to: \.marks)
        try await tea.add([cheap, new], to: \.marks)
        return Stock(north: north, south: south, tea: tea, rice: rice, salt: salt)
    }

    private func titles(_ query: QuerySet<Ware>) async throws -> String {
        try await query.order { $0.title }.all().map(\.title).joined(separator: " ")
    }

    private func texts(_ sql: String) async throws -> [String] {
        try await Database.current.rows(Statement(sql), access: .write) { try $0.text(at: 0) }
    }

    @Test func `the database has the names that were given`() async throws {
        let isPostgreSQL = try isPostgreSQL()
        func columns(_ table: String) async throws -> [String] {
            try await texts(
                isPostgreSQL
                    ? "SELECT column_name FROM information_schema.columns WHERE table_name = '\(table)' ORDER BY ordinal_position"
                    : "SELECT name FROM pragma_table_xinfo('\(table)') ORDER BY cid")
        }
        #expect(try await columns("All Shops") == ["Shop No", "group"])
        #expect(try await columns("mark''s") == ["select", "value"])
        #expect(
            try await columns("Ware \"list\"") == [
                "No.", "order", "Price in €", "from", "NULL", "shop's \"key\"", "partner", "when",
            ])
        let indexes = try await texts(
            isPostgreSQL
                ? "SELECT indexname FROM pg_indexes WHERE tablename = 'Ware \"list\"'"
                : "SELECT name FROM pragma_index_list('Ware \"list\"')")
        #expect(indexes.contains("by \"order\""))
        #expect(indexes.contains { $0.hasPrefix("Ware \"list\"_Price i_") && $0.hasSuffix("_idx") })
        let definition = try await texts(
            isPostgreSQL
                ? "SELECT conname FROM pg_constraint"
                : "SELECT sql FROM sqlite_schema WHERE name = 'Ware \"list\"'"
        ).joined(separator: "\n")
        #expect(definition.contains("price is 'positive'") && definition.contains("one of a kind"))
    }

    @Test func `rows are written, read, filtered, ordered and changed`() async throws {
        let stock = try await makeStock()
        #expect((stock.tea.total, stock.tea.note, stock.rice.note) == (10, "green", "none"))
        let tea = try await Ware.objects.get { $0.id == stock.tea.id }
        #expect(tea.title == "Tea" && tea.price == 5 && tea.shop.id == stock.north.id)
        #expect(tea.partner?.id == stock.rice.id && tea.changedAt == stock.tea.changedAt)
        #expect(try await titles(Ware.objects.filter { $0.title == "Tea" || $0.price < 2 }) == "Salt Tea")
        #expect(try await titles(Ware.objects.filter { $0.title.icontains("T") && $0.note != "none" }) == "Tea")
        #expect(try await titles(Ware.objects.filter { $0.total.between(2, 6) }) == "Rice Salt")
        #expect(try await titles(Ware.objects.exclude { $0.partner.isNull }) == "Tea")
        #expect(try await titles(Ware.objects.filter { $0.shop == stock.south }) == "Salt")
        let ordered = Ware.objects.order { ($0.note.descending, $0.price.ascending) }
        #expect(try await ordered.all().map(\.title) == ["Salt", "Rice", "Tea"])
        #expect(try await Ware.objects.latest { $0.price }.title == "Tea")
        #expect(try await Ware.objects.filter { $0.price > 1 }.update { $0.price = $0.price + $0.total } == 2)
        #expect(try await Ware.objects.order { $0.title }.values { $0.price } == [9, 1, 15])
        #expect(try await Ware.objects.order { $0.title }.values { $0.total } == [18, 2, 30])
        var salt = stock.salt
        salt.title = "Sea salt"
        salt.note = nil
        try await salt.save()
        #expect(try await titles(Ware.objects.filter { $0.note.isNull }) == "Sea salt")
        salt.price = 7
        try await Ware.objects.updateMany([salt], fields: \.price, \.note)
        #expect(try await Ware.objects.get { $0.id == salt.id }.total == 14)
        #expect(try await Ware.objects.filter { $0.title == "Rice" }.delete().total == 1)
        #expect(try await titles(Ware.objects.filter { $0.partner.isNull }) == "Sea salt Tea")
    }

    @Test func `joins, ways back and links use the columns' names`() async throws {
        let stock = try await makeStock()
        #expect(try await titles(Ware.objects.filter { $0.shop.name == "North" }) == "Rice Tea")
        #expect(try await titles(Ware.objects.filter { $0.partner.price == 3 }) == "Tea")
        #expect(try await titles(Ware.objects.filter { $0.marks.word == "new" }) == "Tea")
        #expect(try await titles(Ware.objects.exclude { $0.marks.word == "cheap" }) == "Rice")
        let shops = Shop.objects.filter { $0.wares.title == "Salt" }
        #expect(try await shops.all().map(\.name) == ["South"])
        #expect(try await Shop.objects.exclude { $0.wares.price > 4 }.all().map(\.name) == ["South"])
        #expect(try await Mark.objects.filter { $0.wares.shop.name == "South" }.all().map(\.word) == ["cheap"])
        let wares = try await Ware.objects.order { ($0.shop.name.descending, $0.title) }.selectRelated { $0.partner }
            .selectRelated { $0.shop }.prefetch { $0.marks }.all()
        #expect(wares.map(\.title) == ["Salt", "Rice", "Tea"])
        #expect(try wares.map { try $0.shop.loaded.name } == ["South", "North", "North"])
        #expect(try wares[2].partner?.loaded.title == "Rice" && wares[1].partner == nil)
        #expect(try wares.map { Set(try $0.marks.loaded.map(\.word)) } == [["cheap"], [], ["cheap", "new"]])
        let loaded = try await Shop.objects.prefetch { $0.wares }.all()
        #expect(try loaded.map { try $0.wares.loaded.map(\.title).sorted() } == [["Rice", "Tea"], ["Salt"]])
        try await stock.tea.set([], for: \.marks)
        #expect(try await Mark.objects.filter { $0.wares.title == "Tea" }.count() == 0)
        #expect(try await stock.north.delete().total == 3)
        #expect(try await titles(Ware.objects) == "Salt")
    }

    @Test func `values, groups and aggregates use the columns' names`() async throws {
        _ = try await makeStock()
        let rows: [(String, String, Int)] = try await Ware.objects.order { $0.title }.values {
            ($0.title, $0.shop.name, $0.price)
        }
        #expect(rows.map { "\($0)" } == [#"("Rice", "North", 3)"#, #"("Salt", "South", 1)"#, #"("Tea", "North", 5)"#])
        let sums: [(String, Int?)] = try await Shop.objects.order { $0.name }.values { ($0.name, $0.wares.price.sum()) }
        #expect(sums.map { "\($0.0) \($0.1 ?? 0)" } == ["North 8", "South 1"])
        let many = try await Shop.objects.annotate { $0.wares.count }.filter { $1 > 1 }.all()
        #expect(many.map(\.0.name) == ["North"])
        #expect(try await Ware.objects.aggregate { $0.total.max() } == 10)
        #expect(try await Shop.objects.filter { $0.wares.count == 1 }.all().map(\.name) == ["South"])
        let row = try await Ware.objects.only(\.price, \.shop).get { $0.title == "Tea" }
        #expect(try row.price == 5 && !row.isLoaded(\.note))
        #expect(try await Ware.objects.distinct().values { $0.shop.id }.count == 2)
        let ranked: [(String, Int)] = try await Ware.objects.order { $0.title }.values {
            ($0.title, Window.rowNumber.over(partitionBy: $0.shop.name, orderBy: $0.price.descending))
        }
        #expect(ranked.map(\.1) == [2, 1, 1])
        let union = try await Ware.objects.filter { $0.price == 1 }.union(Ware.objects.filter { $0.price == 5 })
            .order { $0.title }.all()
        #expect(union.map(\.title) == ["Salt", "Tea"])
    }

    @Test func `rows that are there are updated by their own columns`() async throws {
        let stock = try await makeStock()
        let again = Ware(title: "Tea", price: 50, note: "black", shop: ForeignKey(stock.north))
        let stored = try await Ware.objects.upsert(again, on: \.shop, \.title, updating: \.price, \.note)
        #expect((stored.id, stored.total, stored.note) == (stock.tea.id, 100, "black"))
        #expect(try await Ware.objects.count() == 3)
        let made = try await Ware.objects.createMany(
            [Ware(title: "Tea", shop: ForeignKey(stock.north)), Ware(title: "Tea", shop: ForeignKey(stock.south))],
            onConflict: .ignore(on: \.shop, \.title))
        #expect(made == 1)
        let got = try await Shop.objects.getOrCreate({ $0.name == "South" }, or: Shop(name: "South"))
        #expect(!got.isNew && got.row.id == stock.south.id)
        #expect(try await Mark.objects.createMany([Mark(word: "new")], onConflict: .ignore(on: \.word)) == 0)
        #expect(try await Mark.objects.count() == 2)
    }

    @Test func `an error names the fields and not the columns`() async throws {
        let stock = try await makeStock()
        let double = await #expect(throws: DatabaseError.self) {
            try await Ware.objects.create(Ware(title: "Tea", shop: ForeignKey(stock.north)))
        }
        #expect(double?.kind == .uniqueViolation && double?.fields == ["shop", "title"])
        let negative = await #expect(throws: DatabaseError.self) {
            try await Ware.objects.create(Ware(title: "Air", price: -1, shop: ForeignKey(stock.north)))
        }
        #expect(negative?.kind == .checkViolation && negative?.constraint == "price is 'positive'")
        #expect(negative?.fields == ["price"])
        let same = await #expect(throws: DatabaseError.self) { try await Shop.objects.create(Shop(name: "North")) }
        #expect(same?.kind == .uniqueViolation && same?.fields == ["name"])
        let long = await #expect(throws: DatabaseError.self) {
            try await Ware.objects.create(Ware(title: String(repeating: "x", count: 31), shop: ForeignKey(stock.north)))
        }
        #expect(long?.kind == .invalidValue && long?.columns == ["Ware \"list\".order"])
    }

    @Test func `names from outside and SQL of one's own are by the fields`() async throws {
        _ = try await makeStock()
        #expect(try await titles(Ware.objects.filter(lookup: "title__startswith", "T")) == "Tea")
        #expect(try await titles(Ware.objects.filter(lookup: "shop__name", "South")) == "Salt")
        #expect(try await titles(Ware.objects.exclude(lookup: "marks__word__in", "cheap,new")) == "Rice")
        #expect(
            try await Ware.objects.order(by: ["-shop__name", "price"]).all().map(\.title) == ["Salt", "Rice", "Tea"])
        for name in ["order", "Price in €", "shop's \"key\"", "\"order\""] {
            let error = #expect(throws: LookupError.self) { _ = try Ware.objects.filter(lookup: name, "x") }
            #expect(error?.rule == "unknown")
        }
        let found = try await Ware.objects.raw(
            "SELECT * FROM \(table: Ware.self) WHERE \(column: \Ware.title) = \("Tea") OR \(column: \Ware.price) = \(1)"
        )
        #expect(Set(found.map(\.title)) == ["Tea", "Salt"])
    }
}
