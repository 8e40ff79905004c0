// Going through a kit part by part, on a phone or a laptop. Without this file the page is the whole list.
// The timer is that of the phone screen (phone.js); the two speak by the events "go" and "part".
"use strict";

(() => {
    const timer = document.getElementById("call-timer");
    const bar = document.getElementById("run-bar");
    const saving = document.querySelector(".save-bar");
    const parts = [...document.querySelectorAll(".kit > .kit-part")];
    if (!timer || !bar || !parts.length) return;
    const words = bar.dataset, key = `${timer.dataset.key}-at`, end = parts.length;

    const remembered = () => { try { return Number(sessionStorage.getItem(key)) || 0; } catch { return 0; } };
    let isRunning = new URLSearchParams(location.search).has("run");
    let at = Math.min(remembered(), end);

    const make = (tag, name, parent) => {
        const made = document.createElement(tag);
        made.className = name;
        parent.append(made);
        return made;
    };
    const button = (text, name, parent, act) => {
        const made = make("button", `btn ${name}`, parent);
        made.type = "button";
        made.textContent = text;
        made.addEventListener("click", act);
        return made;
    };

    const focus = (byKey) => {
        const part = parts[at] ?? document.querySelector(".sum-up");
        const target = byKey ? part.querySelector("textarea, input") : part.querySelector("h2, h3, legend");
        if (target && !target.matches("textarea, input")) target.tabIndex = -1;
        scrollTo({ top: 0 });
        target?.focus({ preventScroll: !byKey });
    };
    const go = (to, byKey = false) => {
        at = Math.max(0, Math.min(to, end));
        try { sessionStorage.setItem(key, at); } catch { /* a tab without storage begins at the first part */ }
        timer.dispatchEvent(new CustomEvent("go", { detail: at }));
        show();
        focus(byKey);
    };

    const place = make("p", "place", bar);
    place.setAttribute("aria-live", "polite");
    make("p", "keys quiet-text", bar).textContent = words.keys;
    const toggle = button("", "btn-outline-primary", bar, () => {
        isRunning = !isRunning;
        const address = new URL(location.href);
        if (isRunning) address.searchParams.set("run", "");
        else address.searchParams.delete("run");
        history.replaceState(null, "", address);
        if (isRunning) go(at);
        else show();
    });
    const previous = button(words.previous, "btn-outline-primary step-button", saving, () => go(at - 1));
    const next = button(words.next, "btn-primary step-button", saving, () => go(at + 1));
    saving.prepend(previous);

    const show = () => {
        document.body.classList.toggle("is-running", isRunning);
        document.body.classList.toggle("is-at-end", at === end);
        parts.forEach((part, number) => part.classList.toggle("is-shown", number === at));
        toggle.textContent = isRunning ? words.all : words.run;
        const told = at === end ? words.last : words.place.replace("{n}", at + 1).replace("{all}", end);
        if (place.textContent !== told) place.textContent = told;
        previous.disabled = at === 0;
        next.textContent = at === end - 1 ? words.sumUp : words.next;
        next.disabled = at === end;
    };

    timer.addEventListener("part", ({ detail }) => { if (isRunning) go(detail); });
    document.addEventListener("keydown", (event) => {
        if (!isRunning || event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        go(at + (event.shiftKey ? -1 : 1), true);
    });
    // A link of the error summary may lead into a part that is not shown.
    for (const link of document.querySelectorAll(".error-summary a")) {
        link.addEventListener("click", () => {
            const target = document.getElementById(link.hash.slice(1));
            const number = parts.findIndex((part) => part.contains(target));
            if (isRunning) go(number < 0 ? end : number);
            target?.focus();
        });
    }
    bar.hidden = false;
    if (isRunning) timer.dispatchEvent(new CustomEvent("go", { detail: at }));
    show();
})();
