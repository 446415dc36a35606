/// The script that puts the toolbar into a page. It makes no HTML of texts and sets no style, so that the strictest of
/// policies lets it work; what it shows are parts of the toolbar's own pages.
let toolbarScript = #"""
    (() => {
        "use strict";
        const host = document.querySelector("martlet-toolbar");
        if (!host || host.shadowRoot) return;
        const link = host.querySelector("a").getAttribute("href");
        const nonce = document.currentScript ? document.currentScript.nonce : "";
        const names = { open: "martlet-toolbar-open" };

        // The browser may refuse to keep anything.
        const memory = {
            get isOpen() { try { return localStorage.getItem(names.open) === "true"; } catch { return false; } },
            set isOpen(value) { try { localStorage.setItem(names.open, String(value)); } catch { } },
        };

        const make = (tag, attributes = {}, ...children) => {
            const element = document.createElement(tag);
            for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
            element.append(...children);
            return element;
        };

        // A document and not a text: nothing in it runs.
        const load = (method, address) => new Promise((resolve, reject) => {
            const request = new XMLHttpRequest();
            request.open(method, address);
            request.responseType = "document";
            request.onload = () => request.response ? resolve(request) : reject(new Error(String(request.status)));
            request.onerror = () => reject(new Error("no answer"));
            request.send();
        });

        const root = host.attachShadow({ mode: "open" });
        const style = make("link", { rel: "stylesheet", href: host.dataset.style });
        if (nonce) style.nonce = nonce;
        const handle = make("button", { type: "button", class: "handle", "aria-expanded": "false" }, "Debug");
        const bar = make("nav", { "aria-label": "Panels of the debug toolbar", hidden: "" });
        const content = make("div", { class: "content", tabindex: "0", role: "region", "aria-label": "Panel" });
        const close = make("button", { type: "button", class: "close" }, "Close");
        const sheet = make("div", { class: "sheet", hidden: "" }, close, content);
        const dock = make("div", { class: "dock" }, bar, handle);
        root.append(style, make("div", { class: "martlet" }, sheet, dock));

        let base = null;
        let current = null;

        // Which request made this page: the browser has its Server-Timing, and else the newest of this address counts.
        const find = async () => {
            const [navigation] = performance.getEntriesByType("navigation");
            const timing = ((navigation && navigation.serverTiming) || []).find(metric => metric.name === "martlet");
            if (timing) return `/__debug__/requests/${encodeURIComponent(timing.description)}/`;
            const answer = await load("GET", link);
            return new URL(answer.responseURL).pathname;
        };

        const show = (message) => content.replaceChildren(make("section", {}, make("p", { class: "bad" }, message)));

        const fill = (page) => {
            const main = page.querySelector("main");
            if (!main) return show("The toolbar's answer has no panel.");
            content.replaceChildren(...main.children);
            content.scrollTop = 0;
        };

        // Lines of code may come later; nobody who has begun to read is disturbed.
        const lookAgain = (panel) => {
            if (!content.querySelector("[data-pending]")) return;
            setTimeout(() => {
                if (current === panel && content.scrollTop === 0 && !content.querySelector(".plan")) open(panel);
            }, 1500);
        };

        const mark = () => {
            for (const button of bar.children) {
                button.setAttribute("aria-expanded", String(button.dataset.panel === current));
            }
        };

        const fillBar = (page) => {
            const buttons = Array.from(page.querySelectorAll("nav a[data-panel]"), anchor => {
                const button = make("button", { type: "button", "data-panel": anchor.dataset.panel });
                if (anchor.className) button.className = anchor.className;
                button.append(...anchor.childNodes);
                button.addEventListener("click", () => toggle(button.dataset.panel));
                return button;
            });
            bar.replaceChildren(...buttons);
            mark();
        };

        const open = async (panel) => {
            current = panel;
            sheet.hidden = false;
            mark();
            try {
                const answer = await load("GET", `${base}${panel}/`);
                if (current !== panel) return;
                fill(answer.response);
                lookAgain(panel);
            } catch (error) {
                show(`The panel could not be loaded: ${error.message}.`);
            }
        };

        const shut = () => {
            const button = bar.querySelector(`[data-panel="${current}"]`);
            current = null;
            sheet.hidden = true;
            mark();
            (button || handle).focus();
        };

        const toggle = (panel) => panel === current ? shut() : open(panel);

        const use = async (address) => {
            base = address;
            fillBar((await load("GET", `${base}time/`)).response);
        };

        const unfold = async (isOpen) => {
            memory.isOpen = isOpen;
            handle.setAttribute("aria-expanded", String(isOpen));
            bar.hidden = !isOpen;
            if (!isOpen && current) shut();
            if (isOpen && !base) {
                try {
                    await use(await find());
                } catch (error) {
                    bar.replaceChildren(make("span", {}, `not available: ${error.message}`));
                }
            }
        };

        handle.addEventListener("click", () => unfold(bar.hidden));
        close.addEventListener("click", shut);
        root.addEventListener("keydown", event => {
            if (event.key === "Escape" && current) { event.stopPropagation(); shut(); }
        });

        // Plans, and requests of the history, come into the panel instead of the window.
        content.addEventListener("submit", async event => {
            event.preventDefault();
            // Behind a shadow root the event forgets its target when it has passed.
            const form = event.target;
            const button = form.querySelector("button");
            button.disabled = true;
            try {
                const answer = await load("POST", form.getAttribute("action"));
                const plan = answer.response.querySelector("main pre, main .bad");
                if (!plan) throw new Error("no plan");
                form.replaceWith(plan);
            } catch (error) {
                button.disabled = false;
                button.textContent = `Explain (${error.message})`;
            }
        });
        content.addEventListener("click", async event => {
            const anchor = event.target.closest("a[data-request]");
            if (!anchor || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
            event.preventDefault();
            try {
                await use(anchor.getAttribute("href"));
                await open("time");
            } catch (error) {
                show(`The request could not be loaded: ${error.message}.`);
            }
        });

        if (memory.isOpen) unfold(true);
    })();
    """#
