import FoundationEssentials
import MartletHTTP
import MartletJSON
import MartletORM
import MartletShortcuts
import MartletValues
import Testing

private struct Scalars: Model {
    var id = 0
    var price = Decimal(sign: .plus, exponent: -1, significand: 108)
    var day = CalendarDate.last
    var time = TimeOfDay.midnight
    var length = Duration.seconds(93_784)
    var content: [UInt8] = [1, 2, 3]
    var payload: JSONValue = ["a": [1, nil]]
    var address = IPAddress(networkOrder: [10, 0, 0, 1])
    var none: CalendarDate?

    static let appLabel = "scalars"
    static let table = Table<Scalars>(
        .auto(\.id), .decimal(\.price, maxDigits: 10, decimalPlaces: 2), .date(\.day), .time(\.time),
        .duration(\.length), .binary(\.content), .json(\.payload), .ipAddress(\.address), .date(\.none))
}

@Suite struct ScalarRowsTests {
    @Test func `each kind of value is written as Django REST framework writes it`() throws {
        let response = try Response.json(Scalars())
        #expect(
            String(decoding: response.body.bytes ?? [], as: UTF8.self)
                == #"{"id":0,"price":"10.80","day":"9999-12-31","time":"00:00:00","length":"1 02:03:04","#
                + #""content":"AQID","payload":{"a":[1,null]},"address":"10.0.0.1","none":null}"#)
    }

    @Test func `a model that is not valid is answered with 400, its field and its rule`() {
        let error = ValidationError([
            ValidationProblem(field: "title", message: "This field cannot be blank.", code: "blank")
        ])
        let known: any HTTPResponseError = error
        #expect(known.status == .badRequest && known.message == "title: This field cannot be blank.")
        #expect(known.input == InputProblem(field: "title", rule: InputProblem.Rule("blank")))
    }
}
