import Foundation
import MartletPickle
import TestPrograms
import Testing

extension [UInt8] {
    /// Bytes of hexadecimal digits.
    init(hex: String) {
        let digits = Array<Character>(hex)
        self = stride(from: 0, to: digits.count - 1, by: 2).compactMap {
            UInt8(String(digits[$0...$0 + 1]), radix: 16)
        }
    }
}

@Suite struct PickleTests {
    @Test(arguments: [2, 3, 4, 5])
    func `what Python has pickled is read`(_ number: Int) throws {
        let bytes = [UInt8](hex: try #require(GoldenPickles.hexadecimal[number]))
        #expect(try Pickle.loads(bytes) == GoldenPickles.value(protocol: number))
    }

    @Test func `what is written is read back`() throws {
        let value = GoldenPickles.value
        #expect(try Pickle.loads(Pickle.dumps(value)) == value)
    }

    @Test(arguments: [
        0, 1, -1, 127, 128, -128, -129, 255, 256, 65_535, 65_536, 2_147_483_647, 2_147_483_648, -2_147_483_648,
        -2_147_483_649, Int.max, Int.min,
    ])
    func `every integer comes back`(_ number: Int) throws {
        #expect(try Pickle.loads(Pickle.dumps(.int(number))) == .int(number))
    }

    @Test func `text and bytes of every length come back`() throws {
        for count in [0, 1, 255, 256, 65_536] {
            let text = String(repeating: "é", count: count)
            #expect(try Pickle.loads(Pickle.dumps(.string(text))) == .string(text))
            let bytes = [UInt8](repeating: 0xFF, count: count)
            #expect(try Pickle.loads(Pickle.dumps(.bytes(bytes))) == .bytes(bytes))
        }
    }

    @Test func `a value that is referred to twice is read twice`() throws {
        // pickle.dumps((a := [1], a, a), 2)
        let bytes = [UInt8](hex: "80025d71004b0161680068008771012e")
        #expect(try Pickle.loads(bytes) == .tuple([[1], [1], [1]]))
    }

    @Test func `the last of two members with one key counts`() throws {
        // A pickle may have them; no dictionary of Python does.
        let bytes: [UInt8] = [0x80, 4] + Array("}(K\u{1}K\u{2}K\u{1}K\u{3}u.".utf8)
        #expect(try Pickle.loads(bytes) == [1: 3])
    }

    @Test func `Python reads what is written, and what it then writes is read`() async throws {
        let folder = try TemporaryFolder()
        let (ours, theirs) = (folder.file("ours"), folder.file("theirs"))
        let value = GoldenPickles.value
        try Data(try Pickle.dumps(value)).write(to: URL(fileURLWithPath: ours))
        let result = try await Program.python(
            """
            import datetime as d, pickle, pickletools, sys
            bytes = open(sys.argv[1], "rb").read()
            pickletools.dis(bytes, out=open("/dev/null", "w"))
            value = pickle.loads(bytes)
            expected = {
                "_auth_user_id": "1", "n": None, "t": (True, False),
                "i": [0, 255, 256, 65536, -1, 2**31, -2**63, 2**63, -2**80], "f": 0.5, "b": b"\\x00\\xff",
                "e": [b"", (), [], {}], "u": "\\u00e9\\U0001F600", "when": d.datetime(2026, 1, 2, 3, 4, 5, 678901),
                "utc": d.datetime(2026, 1, 1, tzinfo=d.timezone.utc),
                5: "five", (1, "a"): "t", "long": (1, 2, 3, 4),
                "west": d.datetime(2026, 1, 1, fold=1, tzinfo=d.timezone(-d.timedelta(hours=3, minutes=30)))}
            assert repr(value) == repr(expected), value
            assert [type(x) for x in value.values()] == [type(x) for x in expected.values()]
            open(sys.argv[2], "wb").write(pickle.dumps(value, pickle.HIGHEST_PROTOCOL))
            """, ours, theirs)
        #expect(result.status == 0, "\(result.output)")
        #expect(try Pickle.loads(Array(Data(contentsOf: URL(fileURLWithPath: theirs)))) == value)
    }

    @Test func `a list of ten thousand members comes back, whatever batches Python writes`() async throws {
        let folder = try TemporaryFolder()
        let file = folder.file("long")
        let result = try await Program.python(
            """
            import pickle, sys
            value = [{"n": n, "text": "shared"} for n in range(10000)]
            open(sys.argv[1], "wb").write(pickle.dumps(value))
            """, file)
        #expect(result.status == 0, "\(result.output)")
        let value = try Pickle.loads(Array(Data(contentsOf: URL(fileURLWithPath: file))))
        #expect(value == .list((0..<10_000).map { ["n": .int($0), "text": "shared"] }))
    }
}

@Suite struct PickleDateTimeTests {
    @Test func `a date of UTC is the moment`() throws {
        let date = Date(timeIntervalSince1970: 1_767_225_600.25)
        let time = try #require(PickleDateTime(date))
        #expect(time.year == 2026)
        #expect(time.microsecond == 250_000)
        #expect(time.utcOffset == 0)
        #expect(time.date == date)
    }

    @Test func `the distance from UTC counts`() throws {
        let time = try #require(PickleDateTime(year: 2026, month: 1, day: 1, hour: 2, utcOffset: 7_200))
        #expect(time.date == Date(timeIntervalSince1970: 1_767_225_600))
    }

    @Test func `no calendar has these`() {
        #expect(PickleDateTime(year: 2026, month: 2, day: 29) == nil)
        #expect(PickleDateTime(year: 0, month: 1, day: 1) == nil)
        #expect(PickleDateTime(year: 10_000, month: 1, day: 1) == nil)
        #expect(PickleDateTime(year: 2026, month: 1, day: 1, hour: 24) == nil)
        #expect(PickleDateTime(year: 2026, month: 1, day: 1, utcOffset: 86_400) == nil)
        #expect(PickleDateTime(Date(timeIntervalSince1970: 1e12)) == nil)
    }
}
