import FoundationEssentials
import MartletCrypto

/// The style of the debug page, which fetches nothing from anywhere.
enum DebugStyle {
    static let css = """
        :root{color-scheme:light dark;--ground:#f6f5f2;--sheet:#fff;--ink:#1d2127;--faint:#606873;--line:#dfdcd5;\
        --accent:#a6301f;--banner:#a6301f;--banner-ink:#fff;--mark:#fbe9c9;--code:#faf9f6;--good:#2c6e49}
        @media (prefers-color-scheme:dark){:root{--ground:#16181c;--sheet:#1e2126;--ink:#e4e6e9;--faint:#9aa2ad;\
        --line:#343941;--accent:#ee8a78;--banner:#722a20;--banner-ink:#fdf1ee;--mark:#4a3b1d;--code:#191c20;--good:#7cc79b}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--ground);color:var(--ink);\
        font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif;overflow-wrap:anywhere}
        main,header>div,footer{max-width:68rem;margin:0 auto;padding:0 1.25rem}
        header{background:var(--banner);color:var(--banner-ink);padding:1.75rem 0 1.5rem}
        header p{margin:.35rem 0 0}
        h1{font-size:1.7rem;line-height:1.2;margin:.15rem 0 0;font-weight:650}
        header .message{font-size:1.1rem;white-space:pre-wrap}
        header .request{font-family:ui-monospace,"DejaVu Sans Mono",monospace;font-size:.9rem;opacity:.9}
        nav{display:flex;flex-wrap:wrap;gap:.4rem 1.1rem;padding:.8rem 0;margin-bottom:.5rem;\
        border-bottom:1px solid var(--line)}
        nav a{color:inherit;text-decoration-color:var(--faint);text-underline-offset:.2em}
        section{background:var(--sheet);border:1px solid var(--line);border-radius:.6rem;padding:1rem 1.25rem 1.15rem;\
        margin:1.1rem 0}
        h2{font-size:1.1rem;margin:0 0 .6rem}
        h3{font-size:.95rem;margin:1.1rem 0 .3rem;color:var(--faint);font-weight:600}
        p{margin:.4rem 0}
        code,pre,.mono{font-family:ui-monospace,"DejaVu Sans Mono",monospace;font-size:.86rem}
        pre{margin:.5rem 0;background:var(--code);border:1px solid var(--line);border-radius:.4rem;overflow-x:auto;\
        line-height:1.55;overflow-wrap:normal}
        pre.wrap{white-space:pre-wrap;padding:.6rem .8rem;overflow-wrap:anywhere}
        pre span{display:block;min-width:max-content;padding:0 .8rem 0 0}
        pre span.here{background:var(--mark)}
        pre i{display:inline-block;width:3.6rem;padding-right:.9rem;text-align:right;color:var(--faint);\
        font-style:normal;user-select:none}
        table{border-collapse:collapse;width:100%;font-size:.92rem}
        th,td{text-align:left;vertical-align:top;padding:.32rem .9rem .32rem 0;border-top:1px solid var(--line)}
        tr:first-child>th,tr:first-child>td{border-top:0}
        th{font-weight:600;width:14rem}
        td{white-space:pre-wrap}
        thead th{color:var(--faint);width:auto;white-space:nowrap}
        .wide{overflow-x:auto}
        .faint{color:var(--faint)}
        .part{background:var(--mark);border-radius:.2rem}
        .bad{color:var(--accent);font-weight:600}
        ol{margin:.4rem 0;padding-left:1.6rem}
        ol li{margin:.3rem 0}
        details summary{cursor:pointer;color:var(--faint);padding:.2rem 0}
        footer{color:var(--faint);font-size:.88rem;padding-bottom:2rem}
        @media (max-width:40rem){h1{font-size:1.35rem}section{padding:.8rem .85rem;border-radius:.45rem}\
        main,header>div,footer{padding-left:.8rem;padding-right:.8rem}\
        .fields th,.fields td{display:block;width:auto;border-top:0;padding:.1rem 0}\
        .fields tr{display:block;border-top:1px solid var(--line);padding:.3rem 0}.fields tr:first-child{border-top:0}\
        .list thead{display:none}.list tr{display:block;border-top:1px solid var(--line);padding:.35rem 0}\
        .list tr:first-child{border-top:0}.list td{display:block;border-top:0;padding:.05rem 0}.list td:empty{display:none}\
        pre i{width:2.7rem;padding-right:.6rem}}
        """

    /// Lets the page's own style in and nothing else, whatever policy the site has; beside it the debug toolbar where the
    /// site has one.
    static var policy: String? { RequestRecord.current == nil ? strictPolicy : policyWithToolbar }

    private static let strictPolicy = hash.map { hash in
        "default-src 'none'; style-src 'sha256-\(hash)'; base-uri 'none'; form-action 'none'"
    }

    private static let policyWithToolbar = hash.map { hash in
        "default-src 'none'; style-src 'sha256-\(hash)' 'self'; script-src 'self'; connect-src 'self'; "
            + "base-uri 'none'; form-action 'none'"
    }

    private static let hash = (try? Digest.sha256(of: Array(css.utf8))).map { Data($0).base64EncodedString() }
}
