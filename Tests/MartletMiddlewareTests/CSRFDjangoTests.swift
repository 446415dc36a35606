import MartletHTTP
import MartletMiddleware
import TestPrograms
import Testing

/// Both ways: this layer, and the real `CsrfViewMiddleware`.
@Suite struct CSRFDjangoTests {
    private static let script = """
        import sys
        from django.conf import settings
        settings.configure(ALLOWED_HOSTS=["www.example.com"], DEFAULT_CHARSET="utf-8")
        import django
        django.setup()
        from django.http import HttpResponse
        from django.middleware.csrf import CsrfViewMiddleware, get_token
        from django.test import RequestFactory
        def view(request):
            return HttpResponse(get_token(request))
        middleware = CsrfViewMiddleware(view)

        """

    @Test func `cookie and token of Django pass here, and those made here pass there`() async throws {
        let python = try await PythonEnvironment(PythonEnvironment.django)
        let made = try await python.run(
            Self.script + """
                response = middleware(RequestFactory().get("/", headers={"Host": "www.example.com"}))
                print(response.cookies["csrftoken"].value, response.content.decode(), end="")
                """)
        let theirs = made.split(separator: " ").map(String.init)
        try #require(theirs.count == 2)
        let layer = CSRFProtection()
        for token in theirs {
            let post = try Request.make(.post, headers: ["Cookie": "csrftoken=\(theirs[0])", "X-CSRFToken": token])
            #expect(try await layer.respond(to: post, next: echo).status == .ok)
        }
        let page = try await layer.respond(to: .make()) { Response(try $0.csrfToken) }
        let field = try #require(page.headers[.setCookie])
        let secret = String(field.dropFirst("csrftoken=".utf8.count).prefix { $0 != ";" })
        let printed = try await python.run(
            Self.script + """
                def check(cookie, token):
                    request = RequestFactory().post(
                        "/", {"csrfmiddlewaretoken": token}, headers={"Host": "www.example.com"})
                    request.COOKIES["csrftoken"] = cookie
                    middleware.process_request(request)
                    refusal = middleware.process_view(request, view, (), {})
                    return None if refusal is None else refusal.status_code
                print(check(*sys.argv[1:3]), check(sys.argv[1], sys.argv[1]), check(sys.argv[1], sys.argv[3]))
                """, secret, page.text, theirs[1])
        #expect(printed == "None None 403\n")
    }
}
