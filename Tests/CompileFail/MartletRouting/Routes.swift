import FoundationEssentials
import MartletHTTP
import MartletRouting

// Routes: the parameters of views. A marked line must not compile, with that text in the message.

struct Coordinates: Sendable {
    var latitude = 0.0
}

func front(_ request: Request) async throws -> Response { Response("") }
func archive(_ request: Request, year: Int) async throws -> Response { Response("") }
func page(_ request: Request, section: String, id: UUID) async throws -> Response { Response("") }
func place(_ request: Request, at: Coordinates) async throws -> Response { Response("") }
func measurement(_ request: Request, value: Double) async throws -> Response { Response("") }
func text(_ request: Request) async throws -> String { "" }

func `routes that compile`() -> URLs {
    URLs(namespace: "blog") {
        path("", front, name: "front")
        path("archive/<int:year>/", archive, name: "archive")
        include(
            "<str:section>/",
            URLs {
                path("<uuid:id>/", page, name: "page")
            })
    }
}

func `a parameter of a type that no converter makes`() {
    // expected-error@+1 {{'Double' conform to 'PathParameter'}}
    _ = path("measurements/<str:value>/", measurement)
}

func `a parameter of a type of one's own without a conformance`() {
    // expected-error@+1 {{'Coordinates' conform to 'PathParameter'}}
    _ = path("places/<str:at>/", place)
}

func `a view that does not answer with a response`() {
    // expected-error@+1 {{cannot convert}}
    _ = path("text/", text)
}

func `a name that is no text`() {
    // expected-error@+1 {{cannot convert value of type 'Int' to expected argument type 'String'}}
    _ = path("", front, name: 5)
}

func `something that is no route in a table`() {
    _ = URLs {
        // expected-error@+1 {{no exact matches in call to static method 'buildExpression'}}
        "archive/"
    }
}
