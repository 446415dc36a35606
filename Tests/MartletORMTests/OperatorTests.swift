import MartletORM
import Testing

private struct Lane: Model {
    var id = 0
    var pool = 0
    var name = ""
    var metres = RangeValue<Int>.empty
    static let table = Table<Lane>(
        .auto(\.id), .integer(\.pool), .char(\.name, maxLength: 9), .integerRange(\.metres),
        indexes: [
            .index {
                ($0.name.lower().operatorClass("text_pattern_ops"), $0.pool.descending.operatorClass("int4_ops"), $0.id)
            }
        ],
        constraints: [
            .exclude(name: "lanes_apart") {
                [
                    $0.pool.excluding(.equal), $0.metres.excluding(.adjacentTo), $0.name.excluding(.notEqual),
                    $0.metres.excluding(.overlaps), $0.id.excluding(ExclusionOperator(rawValue: "=")),
                ]
            }
        ])
}

/// PostgreSQL's operators and classes of operators, as they are frozen for migrations.
@Suite struct OperatorTests {
    @Test func `a term of an index has its operator class, and its order`() throws {
        let index = try #require(Lane.anyTable.schema.indexes.first)
        #expect(index.terms.map(\.operatorClass) == ["text_pattern_ops", "int4_ops", nil])
        #expect(index.terms.map(\.isDescending) == [false, true, false])
        #expect(Lane.anyTable.problems == [])
    }

    @Test func `an exclusion constraint has PostgreSQL's operators`() throws {
        guard case .exclusion(let rule) = try #require(Lane.anyTable.schema.constraints.first).rule else {
            Issue.record("The table has no exclusion constraint.")
            return
        }
        #expect(rule.terms.map(\.sign.rawValue) == ["=", "-|-", "<>", "&&", "="])
        #expect(rule.terms.map(\.term.expression) == ["pool", "metres", "name", "metres", "id"].map { F($0) })
        #expect(rule.method == .gist)
    }
}
