import MartletJSON
import MartletPickle
import Testing

/// What Python's `json` makes of the same values.
@Suite struct PickleJSONTests {
    @Test func `JSON becomes what Python reads it as, and comes back`() throws {
        let text =
            #"{"b":true,"n":null,"i":[0,-1,9223372036854775807],"f":0.5,"s":"é","e":{},"big":[18446744073709551616,-170141183460469231731687303715884105728]}"#
        let json = try JSON.parse(text)
        let value = try PickleValue(json)
        #expect(
            value == [
                "b": true, "n": nil, "i": [0, -1, .int(.max)], "f": 0.5, "s": "é", "e": [:],
                "big": [
                    .bigInt([0, 0, 0, 0, 0, 0, 0, 0, 1]),
                    .bigInt([UInt8](repeating: 0, count: 15) + [0x80]),
                ],
            ])
        #expect(try JSONValue(value) == json)
        #expect(try JSONValue(Pickle.loads(Pickle.dumps(value))) == json)
    }

    @Test func `tuples become arrays, and keys text`() throws {
        let value: PickleValue = [1: .tuple([1, 2]), nil: 0, true: 0]
        #expect(try JSONValue(value) == ["1": [1, 2], "null": 0, "true": 0])
    }

    @Test(
        arguments: [
            .bytes([1]), .double(.infinity), .double(.nan), [.bytes([]): 1], [0.5: 1],
        ] as [PickleValue])
    func `what JSON has no word for is an error`(_ value: PickleValue) throws {
        let error = try #require(throws: PickleError.self) { try JSONValue(value) }
        #expect(error.code == .invalidValue)
    }

    @Test func `long integers have a limit, as Python's have`() throws {
        let digits = String(repeating: "9", count: 4_299)
        let value = try PickleValue(JSONValue.bigNumber(digits))
        #expect(try JSONValue(value) == .bigNumber(digits))
        #expect(throws: PickleError.self) { try PickleValue(JSONValue.bigNumber(digits + digits)) }
        #expect(throws: PickleError.self) { try JSONValue(PickleValue.bigInt([UInt8](repeating: 1, count: 2_000))) }
    }

    @Test func `a number that no Double holds exactly is the nearest, as in Python`() throws {
        #expect(try PickleValue(JSONValue.bigNumber("0.1000000000000000055511151231257827")) == 0.1)
    }
}
