import FoundationEssentials
import MartletValues
import Testing

@Suite struct ShortUUIDTests {
    struct Vector: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let uuid: String
        let short: String
    }

    // Made with Python's shortuuid 1.0.13.
    static let vectors = [
        Vector(
            testDescription: "all zeros", uuid: "00000000-0000-0000-0000-000000000000", short: "2222222222222222222222"),
        Vector(testDescription: "one", uuid: "00000000-0000-0000-0000-000000000001", short: "2222222222222222222223"),
        Vector(
            testDescription: "the largest", uuid: "ffffffff-ffff-ffff-ffff-ffffffffffff",
            short: "oZEq7ovRbLq6UnGMPwc8B5"),
        Vector(
            testDescription: "a power of 57", uuid: "00000000-0000-0000-0506-33659656d971",
            short: "2222222222232222222222"),
        Vector(
            testDescription: "just below a power of 57", uuid: "00193e28-6af4-12c7-2ec0-7d713c9cc3e0",
            short: "22zzzzzzzzzzzzzzzzzzzz"),
        Vector(
            testDescription: "a version 4", uuid: "39da9369-838e-4750-91a5-f7805cd82839",
            short: "CJjKSiAEjDuLkDyxKUZ4Vy"),
        Vector(
            testDescription: "a version 7", uuid: "01956f2e-7c3b-7d5a-9f10-3c5a8e4b2d61",
            short: "2J5WSPmtVViBUWzTBoHp5e"),
    ]

    @Test(arguments: vectors)
    func `a UUID is written and read as shortuuid does`(_ vector: Vector) throws {
        let uuid = try #require(UUID(uuidString: vector.uuid))
        #expect(ShortUUID(uuid).description == vector.short)
        #expect(ShortUUID(vector.short)?.uuid == uuid)
    }

    @Test(arguments: [
        ("the number after the largest UUID", "oZEq7ovRbLq6UnGMPwc8B6"),
        ("all digits are the largest", "zzzzzzzzzzzzzzzzzzzzzz"),
        ("21 characters", "222222222222222222222"),
        ("23 characters", "22222222222222222222222"),
        ("a character outside the alphabet", "222222222222222222222l"),
        ("a zero", "0222222222222222222222"),
        ("empty", ""),
        ("22 bytes, but not 22 characters", "22222222222222222222é"),
    ])
    func `what is no UUID is refused`(_ example: (name: String, text: String)) {
        #expect(ShortUUID(example.text) == nil, "\(example.name)")
    }

    @Test func `random UUIDs survive the way there and back`() {
        for _ in 0..<2_000 {
            let uuid = UUID()
            #expect(ShortUUID(ShortUUID(uuid).description)?.uuid == uuid)
        }
    }

    @Test func `an identifier of a row has 12 characters, and comes back`() throws {
        var seen: Set<ShortUUID> = []
        for _ in 0..<2_000 {
            let id = ShortUUID.random()
            #expect(id.description.utf8.count == 12)
            #expect(ShortUUID(id.description) == id)
            seen.insert(id)
        }
        #expect(seen.count == 2_000)
        // The number is what Python's `shortuuid.decode` makes of the text.
        let id = try #require(ShortUUID("8bRkTzQ4nFyW"))
        #expect(id.uuid.uuidString.hasPrefix("00000000-0000-00"))
        #expect(try #require(ShortUUID("222222222223")).uuid == ShortUUID("2222222222222222222223")?.uuid)
        #expect(ShortUUID("222222222223") != ShortUUID("2222222222222222222223"))
    }

    @Test(arguments: ["zzzzzzzzzzzz", "222222222222"])
    func `every text of 12 characters of the alphabet is one`(_ text: String) {
        #expect(ShortUUID(text)?.description == text)
    }

    @Test func `identifiers have the order of their texts`() throws {
        let texts = ["222222222222", "222222222223", "2222222222222222222222", "8bRkTzQ4nFyW", "zzzzzzzzzzzz"]
        let sorted = texts.compactMap(ShortUUID.init(_:)).shuffled().sorted().map(\.description)
        #expect(sorted == texts.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    }
}
