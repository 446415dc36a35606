import MartletORM
import Testing

@Suite(.migrated(Flat.self, Address.self, Tenancy.self)) struct IndexTests {
    private func definitions() async throws -> String {
        let sql =
            try isPostgreSQL()
            ? """
            SELECT indexdef FROM pg_indexes WHERE tablename LIKE 'rental_%' UNION ALL
            SELECT conname || ': ' || pg_get_constraintdef(oid) FROM pg_constraint
            WHERE conrelid IN ('rental_flat'::regclass, 'rental_tenancy'::regclass)
            """ : "SELECT sql FROM sqlite_schema WHERE tbl_name LIKE 'rental_%' AND sql IS NOT NULL"
        return try await Database.current.rows(Statement(sql), access: .write) { try $0.text(at: 0) }
            .joined(separator: "\n")
    }

    // The names of the first two are Django's.
    static let postgreSQL = [
        "rental_flat_street_d09c3f_idx ON public.rental_flat USING btree (street, number)",
        "rental_flat_state_079a9c_idx ON public.rental_flat USING btree (state, rent DESC)",
        "USING btree (lower((street)::text))", "INCLUDE (street) WHERE ((state)::text = 'offered'::text)",
        "_brin ON public.rental_flat USING brin (rent)", "_hash ON public.rental_flat USING hash (street)",
        "street_pattern ON public.rental_flat USING btree (street varchar_pattern_ops)",
        "one_door ON public.rental_flat USING btree (street, number, door) NULLS NOT DISTINCT",
        "_uniq ON public.rental_flat USING btree (street) WHERE ((state)::text = 'rented'::text)",
        "one_token_text ON public.rental_flat USING btree (lower((street)::text), number)",
        "_uniq: UNIQUE (token, rent)", "_uniq: UNIQUE (flat_id, address_id) DEFERRABLE INITIALLY DEFERRED",
        "rent_positive: CHECK ((rent > 0))",
        "_fk_rental_flat_id: FOREIGN KEY (address_id) REFERENCES rental_flat(id) DEFERRABLE INITIALLY DEFERRED",
    ]

    static let sqlite = [
        #""rental_flat_street_d09c3f_idx" ON "rental_flat" ("street", "number")"#,
        #""rental_flat_state_079a9c_idx" ON "rental_flat" ("state", "rent" DESC)"#, #"((lower("street")))"#,
        #""rental_flat" ("rent", "street") WHERE ("state" = 'offered')"#,
        #"_brin" ON "rental_flat" ("rent")"#, #"_hash" ON "rental_flat" ("street")"#,
        #""street_pattern" ON "rental_flat" ("street")"#,
        #"UNIQUE INDEX "one_door" ON "rental_flat" (("street" IS NULL), (coalesce("street", 0)),"#,
        #"_uniq" ON "rental_flat" ("street") WHERE ("state" = 'rented')"#,
        #"UNIQUE INDEX "one_token_text" ON "rental_flat" ((lower("street")), "number")"#,
        #"_uniq" ON "rental_flat" ("token", "rent")"#, #"_uniq" UNIQUE ("flat_id", "address_id")"#,
        #"CONSTRAINT "rent_positive" CHECK ("rent" > 0)"#,
        #""edges" integer NOT NULL GENERATED ALWAYS AS (("width" + "height")) STORED"#,
        #""priority" integer NULL DEFAULT (3)"#,
    ]

    @Test func `every form of index and constraint is made as it was asked for`() async throws {
        let all = try await definitions()
        for part in try isPostgreSQL() ? Self.postgreSQL : Self.sqlite {
            #expect(all.contains(part), "\(part) is not in \(all)")
        }
    }
}
