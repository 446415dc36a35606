import MartletORM
import Testing

/// Somebody who may have another name.
struct Alias: Model {
    var id = 0
    var name: String?

    static let appLabel = "digests"
    static let table = Table<Alias>(.auto(\.id), .char(\.name, maxLength: 50))
}

extension Trait where Self == ModelsDatabase {
    /// SHA-1 is in an extension of PostgreSQL's, as in Django.
    fileprivate static var aliases: Self { Self(models: [Alias.self], extensions: ["pgcrypto"]) }
}

/// The names and digests of Django's `tests/db_functions/text/test_sha1.py` and its neighbours.
@Suite(.aliases) struct DigestTests {
    static let names: [String?] = ["John Smith", "Jordan Élena", "皇帝", "", nil]

    struct Example: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let digest: @Sendable (Expr<String?>) -> Expr<String?>
        let expected: [String]
    }

    static let examples = [
        Example(
            testDescription: "md5", digest: { $0.md5() },
            expected: [
                "6117323d2cabbc17d44c2b44587f682c", "ca6d48f6772000141e66591aee49d56c",
                "bf2c13bc1154e3d2e7df848cbc8be73d", "d41d8cd98f00b204e9800998ecf8427e",
            ]),
        Example(
            testDescription: "sha1", digest: { $0.sha1() },
            expected: [
                "e61a3587b3f7a142b8c7b9263c82f8119398ecb7", "0781e0745a2503e6ded05ed5bc554c421d781b0c",
                "198d15ea139de04060caf95bc3e0ec5883cba881", "da39a3ee5e6b4b0d3255bfef95601890afd80709",
            ]),
        Example(
            testDescription: "sha224", digest: { $0.sha224() },
            expected: [
                "a61303c220731168452cb6acf3759438b1523e768f464e3704e12f70",
                "2297904883e78183cb118fc3dc21a610d60daada7b6ebdbc85139f4d",
                "eba942746e5855121d9d8f79e27dfdebed81adc85b6bf41591203080",
                "d14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f",
            ]),
        Example(
            testDescription: "sha256", digest: { $0.sha256() },
            expected: [
                "ef61a579c907bbed674c0dbcbcf7f7af8f851538eef7b8e58c5bee0b8cfdac4a",
                "6e4cce20cd83fc7c202f21a8b2452a68509cf24d1c272a045b5e0cfc43f0d94e",
                "3ad2039e3ec0c88973ae1c0fce5a3dbafdd5a1627da0a92312c54ebfcf43988e",
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            ]),
        Example(
            testDescription: "sha384", digest: { $0.sha384() },
            expected: [
                "9df976bfbcf96c66fbe5cba866cd4deaa8248806f15b69c4010a404112906e4ca7b57e53b9967b80d77d4f5c2982cbc8",
                "72202c8005492016cc670219cce82d47d6d2d4273464c742ab5811d691b1e82a7489549e3a73ffa119694f90678ba2e3",
                "eda87fae41e59692c36c49e43279c8111a00d79122a282a944e8ba9a403218f049a48326676a43c7ba378621175853b0",
                "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b",
            ]),
        Example(
            testDescription: "sha512", digest: { $0.sha512() },
            expected: [
                "ed014a19bb67a85f9c8b1d81e04a0e7101725be8627d79d02ca4f3bd803f33cf"
                    + "3b8fed53e80d2a12c0d0e426824d99d110f0919298a5055efff040a3fc091518",
                "b09c449f3ba49a32ab44754982d4749ac938af293e4af2de28858858080a1611"
                    + "2b719514b5e48cb6ce54687e843a4b3e69a04cdb2a9dc99c3b99bdee419fa7d0",
                "b554d182e25fb487a3f2b4285bb8672f98956b5369138e681b467d1f079af116"
                    + "172d88798345a3a7666faf5f35a144c60812d3234dcd35f444624f2faee16857",
                "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
                    + "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
            ]),
    ]

    @Test func `digests are Django's, of texts of all kinds and of null`() async throws {
        try await Alias.objects.createMany(Self.names.map { Alias(name: $0) })
        for example in Self.examples {
            let found: [String?] = try await Alias.objects.order { $0.id }.values { example.digest($0.name) }
            #expect(found == example.expected.map { $0 } + [nil], "\(example.testDescription)")
            let first = example.expected[0]
            let john = try await Alias.objects.filter { example.digest($0.name) == first }.values { $0.name }
            #expect(john == ["John Smith"], "\(example.testDescription)")
        }
    }

    @Test func `digests of digests and of long and hostile texts are those of their bytes`() async throws {
        try await Alias.objects.create(Alias(name: "'\"\\%_😀"))
        let found: [(String?, String?)] = try await Alias.objects.values { ($0.name.sha1(), $0.name.md5().sha1()) }
        let row = try #require(found.first)
        #expect(row.0 == "50cda461be8db45b96e358b37f254149d2a449cd")
        #expect(row.1 == "0aa2ff74daefec16a8240862ae40e6e2d06ffe91")
    }
}
