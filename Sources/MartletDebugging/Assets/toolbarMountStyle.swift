/// The style of the link that stands in a page until the script has put the toolbar in its place.
let toolbarMountStyle = """
    martlet-toolbar {
        all: initial;
        position: fixed;
        z-index: 2147483000;
        right: 0;
        bottom: 0;
        max-width: 100vw;
        color-scheme: light dark;
    }
    martlet-toolbar > a {
        all: unset;
        display: block;
        padding: .45rem .8rem;
        border-radius: .5rem 0 0 0;
        background: #23272e;
        color: #fff;
        font: 600 14px/1.4 system-ui, sans-serif;
        cursor: pointer;
    }
    martlet-toolbar > a:focus-visible {
        outline: 3px solid #f2a65a;
        outline-offset: -3px;
    }
    @media print {
        martlet-toolbar { display: none; }
    }
    """
