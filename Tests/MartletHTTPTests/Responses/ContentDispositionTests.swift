import MartletHTTP
import Testing

@Suite struct ContentDispositionTests {
    // Django, tests/utils_tests/test_http.py, ContentDispositionHeaderTests. Beside `filename*`, Django sends no `filename`
    // for clients that do not know it (RFC 6266, appendix D), and it leaves `/` in the encoded name.
    @Test(
        arguments: [
            ("example", #"attachment; filename="example""#), (nil, "attachment"), ("", "attachment"),
            (#""example" file\name"#, #"attachment; filename="\"example\" file\\name""#),
            ("espécimen", "attachment; filename=\"esp_cimen\"; filename*=UTF-8''esp%C3%A9cimen"),
            (
                #""espécimen" filename"#,
                #"attachment; filename="\"esp_cimen\" filename"; filename*=UTF-8''%22esp%C3%A9cimen%22%20filename"#
            ),
            ("some\nfile", "attachment; filename=\"some_file\"; filename*=UTF-8''some%0Afile"),
            // tests/responses/test_fileresponse.py
            ("multi-part-one\";\" dummy\".txt", #"attachment; filename="multi-part-one\";\" dummy\".txt""#),
            (#"multi-part-one\";" dummy".txt"#, #"attachment; filename="multi-part-one\\\";\" dummy\".txt""#),
            (
                "祝您平安.odt",
                "attachment; filename=\"____.odt\"; filename*=UTF-8''%E7%A5%9D%E6%82%A8%E5%B9%B3%E5%AE%89.odt"
            ),
            // Hostile names.
            (
                "a\r\nSet-Cookie: x=1",
                "attachment; filename=\"a__Set-Cookie: x=1\"; filename*=UTF-8''a%0D%0ASet-Cookie%3A%20x%3D1"
            ),
            ("a\u{0}b", "attachment; filename=\"a_b\"; filename*=UTF-8''a%00b"),
            ("\"\u{301}.txt", "attachment; filename=\"\\\"_.txt\"; filename*=UTF-8''%22%CC%81.txt"),
            ("100% é", "attachment; filename=\"100_ _\"; filename*=UTF-8''100%25%20%C3%A9"),
            ("100%.txt", #"attachment; filename="100%.txt""#),
        ] as [(String?, String)])
    func `a name reaches the browser whole, and never as another field`(_ name: String?, _ field: String) {
        #expect(ContentDisposition.attachment(fileName: name).description == field)
        let response = Response("x").attachment(fileName: name)
        #expect(response.headers[.contentDisposition] == field)
    }

    @Test func `what is shown may have a name, too`() {
        #expect(ContentDisposition.inline(fileName: "example").description == #"inline; filename="example""#)
        #expect(ContentDisposition.inline().description == "inline")
        #expect(Response("x").inline(fileName: "a.txt").headers[.contentDisposition] == #"inline; filename="a.txt""#)
    }

    @Test func `what is no success is no attachment`() {
        for status in [HTTPStatus.notFound, .notModified, .rangeNotSatisfiable] {
            #expect(Response(status: status).attachment(fileName: "a").headers[.contentDisposition] == nil)
        }
        #expect(Response(status: .partialContent).attachment().headers[.contentDisposition] == "attachment")
    }

    @Test func `a type is written as a literal, or read`() {
        #expect(MediaType(literal: "text/csv").description == "text/csv")
        #expect(MediaType("text/csv; charset=utf-8") != nil)
        for text in ["", "text", "text/", "/csv", "text/csv\r\nX: y", "te xt/csv", "text/csv/x", "é/x"] {
            #expect(MediaType(text) == nil, "\(text)")
        }
    }
}
