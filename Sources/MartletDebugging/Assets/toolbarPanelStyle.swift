/// The style of the panels and of the bar that opens them.
let toolbarPanelStyle = """
    .martlet, .martlet * { box-sizing: border-box; }
    .martlet {
        --ground: #f6f5f2; --sheet: #fff; --ink: #1d2127; --faint: #5b636e; --line: #dfdcd5; --accent: #a6301f;
        --bar: #23272e; --bar-ink: #f4f5f6; --bar-faint: #b6bdc7; --bar-line: #3b424c; --mark: #fbe9c9;
        --code: #f7f5f0; --good: #246343; --focus: #c8641b; --time: #4078b0;
        color-scheme: light dark;
        color: var(--ink);
        font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif;
        text-align: left;
        overflow-wrap: anywhere;
    }
    @media (prefers-color-scheme: dark) {
        .martlet {
            --ground: #16181c; --sheet: #1e2126; --ink: #e4e6e9; --faint: #a3abb6; --line: #343941; --accent: #ee8a78;
            --bar: #0e1013; --bar-line: #30363f; --mark: #4a3b1d; --code: #191c20; --good: #7cc79b; --focus: #f2a65a;
            --time: #7db0e3;
        }
    }
    .martlet a { color: inherit; text-decoration-color: var(--faint); text-underline-offset: .2em; }
    .martlet :focus-visible { outline: 3px solid var(--focus); outline-offset: 1px; }

    /* A page of its own. */
    body.martlet { margin: 0; background: var(--ground); }
    body.martlet > header, body.martlet > main { max-width: 80rem; margin: 0 auto; padding: 0 1.25rem; }
    body.martlet > header { padding-top: 1.25rem; }
    .martlet h1 { font-size: 1.35rem; line-height: 1.25; margin: 0; font-weight: 650; }
    .martlet header p { margin: .25rem 0 .9rem; color: var(--faint); }
    body.martlet > nav {
        position: sticky; top: 0; z-index: 1; background: var(--bar); color: var(--bar-ink);
        padding: .35rem max(1.25rem, calc((100vw - 80rem) / 2 + 1.25rem)); margin-bottom: 1.1rem;
    }
    body.martlet > main { padding-bottom: 3rem; }
    body.martlet section { margin: 0 0 1.1rem; border: 1px solid var(--line); border-radius: .6rem; }

    /* The bar. */
    .martlet nav { display: flex; flex-wrap: wrap; gap: .15rem; }
    .martlet nav a, .martlet nav button {
        display: block; border: 0; border-radius: .4rem; padding: .25rem .65rem; background: none;
        color: var(--bar-ink); font: inherit; font-size: .87rem; line-height: 1.3; text-align: left;
        text-decoration: none; cursor: pointer;
    }
    .martlet nav b { display: block; font-weight: 600; }
    .martlet nav span { display: block; color: var(--bar-faint); font-size: .78rem; white-space: nowrap; }
    .martlet nav a:hover, .martlet nav button:hover { background: var(--bar-line); }
    .martlet nav [aria-current], .martlet nav [aria-expanded="true"] { background: var(--bar-line); }
    .martlet nav .trouble b::after { content: " \\25CF"; color: #ff9d8a; }
    .martlet .dock {
        position: fixed; right: 0; bottom: 0; max-width: 100vw; display: flex; align-items: stretch;
        background: var(--bar); color: var(--bar-ink); border-radius: .6rem 0 0 0; padding: .3rem;
        box-shadow: 0 0 1.2rem rgb(0 0 0 / .3);
    }
    .martlet .dock nav { overflow-x: auto; flex-wrap: nowrap; min-width: 0; }
    .martlet .dock nav button { flex: none; white-space: nowrap; overflow-wrap: normal; }
    .martlet .handle {
        flex: none;
        border: 0; border-radius: .4rem; background: none; color: inherit; font: inherit; font-weight: 650;
        font-size: .87rem; padding: .25rem .7rem; cursor: pointer; white-space: nowrap;
    }
    .martlet .handle:hover { background: var(--bar-line); }

    /* A panel above the bar. */
    .martlet .sheet {
        position: fixed; left: 0; right: 0; bottom: 0; height: min(70vh, 46rem); padding-bottom: 4rem;
        display: flex; flex-direction: column;
        background: var(--sheet); border-top: 3px solid var(--bar); box-shadow: 0 -.4rem 2rem rgb(0 0 0 / .25);
    }
    .martlet [hidden] { display: none; }
    .martlet .sheet > .content { overflow: auto; flex: 1; overscroll-behavior: contain; }
    .martlet .sheet > .close {
        position: absolute; right: 1.25rem; top: .55rem; z-index: 1; border: 1px solid var(--line);
        border-radius: .4rem; background: var(--sheet); color: inherit; font: inherit; font-size: .87rem;
        padding: .2rem .7rem; cursor: pointer;
    }

    /* What panels are made of. */
    .martlet section { background: var(--sheet); padding: .8rem 1.25rem 1.1rem; }
    .martlet h2 { font-size: 1.1rem; line-height: 1.4; margin: 0 0 .4rem; padding-right: 6rem; font-weight: 650; }
    .martlet h3 { font-size: .92rem; margin: 1rem 0 .25rem; color: var(--faint); font-weight: 600; }
    .martlet p { margin: .3rem 0; }
    .martlet .faint { color: var(--faint); }
    .martlet .bad { color: var(--accent); font-weight: 600; }
    .martlet .good { color: var(--good); }
    .martlet code, .martlet pre, .martlet .mono {
        font-family: ui-monospace, "DejaVu Sans Mono", "Liberation Mono", monospace; font-size: .84rem;
    }
    .martlet pre {
        margin: .4rem 0; padding: .6rem .8rem; background: var(--code); border: 1px solid var(--line);
        border-radius: .4rem; white-space: pre-wrap;
    }
    .martlet table { border-collapse: collapse; width: 100%; font-size: .9rem; }
    .martlet th, .martlet td {
        text-align: left; vertical-align: top; padding: .35rem .9rem .35rem 0; border-top: 1px solid var(--line);
    }
    .martlet thead th { border-top: 0; color: var(--faint); font-weight: 600; white-space: nowrap; }
    .martlet .fields th { width: 15rem; font-weight: 600; }
    .martlet .fields td { white-space: pre-wrap; }
    .martlet .fields tr:first-child > * { border-top: 0; }
    .martlet tbody td.mono:not(.sql) { overflow-wrap: normal; }
    .martlet .fields tbody td.mono { overflow-wrap: anywhere; }
    .martlet td.number { white-space: nowrap; font-variant-numeric: tabular-nums; }
    .martlet .sql { white-space: pre-wrap; }
    .martlet .values { margin: .2rem 0; padding: 0; list-style: none; color: var(--faint); }
    .martlet .values li { display: inline-block; margin-right: 1.1rem; }
    .martlet .badge {
        display: inline-block; margin: .15rem .4rem .15rem 0; padding: 0 .5rem; border-radius: 1rem;
        background: var(--mark); font-size: .8rem; font-weight: 600;
    }
    .martlet form { margin: .25rem 0 0; }
    .martlet form button {
        border: 1px solid var(--line); border-radius: .4rem; background: var(--code); color: inherit; font: inherit;
        font-size: .84rem; padding: .1rem .6rem; cursor: pointer;
    }
    .martlet form button:hover { border-color: var(--faint); }
    .martlet svg { display: block; width: 6rem; height: .55rem; margin-top: .4rem; background: var(--code); }
    .martlet rect { fill: var(--time); }
    .martlet .tree, .martlet .tree ul { list-style: none; margin: 0; padding: 0; }
    .martlet .tree ul { margin-left: .5rem; padding-left: 1.1rem; border-left: 2px solid var(--line); }
    .martlet .tree li { padding: .25rem 0; }
    .martlet .level-warning { color: #9a5b00; font-weight: 600; }
    .martlet .level-error, .martlet .level-critical { color: var(--accent); font-weight: 600; }
    @media (prefers-color-scheme: dark) { .martlet .level-warning { color: #eeb968; } }
    @media (max-width: 45rem) {
        .martlet section { padding: .7rem .85rem; }
        body.martlet > header, body.martlet > main { padding-left: .8rem; padding-right: .8rem; }
        .martlet .sheet { height: 80vh; }
        .martlet .dock { left: 0; border-radius: 0; }
        .martlet thead { display: none; }
        .martlet tr { display: block; border-top: 1px solid var(--line); padding: .35rem 0; }
        .martlet th, .martlet td { display: block; border-top: 0; padding: .05rem 0; width: auto; }
        .martlet .fields th { width: auto; }
        .martlet td.line { display: none; }
    }
    """
