import MartletHTTP
import MartletORM
import MartletShortcuts

struct Fortune: Model {
    var id = 0
    var message = ""

    static let table = Table<Fortune>(.auto(\.id), .char(\.message, maxLength: 2048), name: "fortune")
}

let fortunesTemplate = """
    <!DOCTYPE html>
    <html><head><title>Fortunes</title></head><body><table>
    <tr><th>id</th><th>message</th></tr>
    {% for fortune in fortunes %}<tr><td>{{ fortune.id }}</td><td>{{ fortune.message }}</td></tr>
    {% endfor %}</table></body></html>
    """

func fortunes(_ request: Request) async throws -> Response {
    var fortunes = try await Fortune.objects.all()
    fortunes.append(Fortune(message: "Additional fortune added at request time."))
    fortunes.sort { $0.message.unicodeScalars.lexicographicallyPrecedes($1.message.unicodeScalars) }
    return try render(request, "fortunes.html", ["fortunes": fortunes])
}
