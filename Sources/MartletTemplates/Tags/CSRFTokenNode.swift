/// `{% csrf_token %}`: the hidden input that Django's forms send; nothing where there is no token.
final class CSRFTokenNode: Node {
    let origin: Origin

    init(origin: Origin) {
        self.origin = origin
    }

    func render(_ renderer: inout Renderer) {
        guard let token = renderer.environment.services.csrfToken(), !token.isEmpty else { return }
        renderer.output.append(raw: #"<input type="hidden" name="csrfmiddlewaretoken" value=""#)
        renderer.output.appendEscaped(token)
        renderer.output.append(raw: #"">"#)
    }
}
