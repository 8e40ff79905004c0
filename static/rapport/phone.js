// The timer of a call: total and per part. Without this file the minutes of each part stand there. Nothing is sent;
// a reload goes on where it was, because the state rests in this tab.
"use strict";

(() => {
    const bar = document.getElementById("call-timer");
    const parts = [...document.querySelectorAll(".kit > li[data-minutes]")];
    if (!bar || !parts.length) return;
    const words = bar.dataset;

    const fresh = () => ({ part: 0, spent: parts.map(() => 0), since: null });
    const read = () => {
        try {
            const kept = JSON.parse(sessionStorage.getItem(words.key));
            return kept && Array.isArray(kept.spent) && kept.spent.length === parts.length ? kept : fresh();
        } catch {
            return fresh();
        }
    };
    let state = read();
    const keep = () => {
        try { sessionStorage.setItem(words.key, JSON.stringify(state)); } catch { /* a tab without storage forgets */ }
    };

    const make = (tag, name) => {
        const made = document.createElement(tag);
        made.className = name;
        bar.append(made);
        return made;
    };
    const button = (text, act) => {
        const made = make("button", "btn btn-outline-primary");
        made.type = "button";
        made.textContent = text;
        made.addEventListener("click", () => { act(); keep(); show(); });
        return made;
    };
    const clock = (ms) => {
        const seconds = Math.floor(ms / 1000);
        return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    };
    const spent = (number) => state.spent[number] + (number === state.part && state.since ? Date.now() - state.since : 0);
    const settle = () => {
        state.spent[state.part] = spent(state.part);
        if (state.since) state.since = Date.now();
    };

    const total = make("span", "total");
    total.setAttribute("role", "timer");
    const now = make("span", "part");
    now.setAttribute("aria-live", "polite");
    const run = button(words.start, () => {
        settle();
        state.since = state.since ? null : Date.now();
    });
    const left = make("span", "left");
    left.setAttribute("aria-live", "polite");
    const next = button(words.next, () => {
        settle();
        state.part = Math.min(state.part + 1, parts.length - 1);
        bar.dispatchEvent(new CustomEvent("part", { detail: state.part }));
    });
    next.classList.add("next");
    bar.addEventListener("go", ({ detail }) => {
        if (detail === state.part || detail >= parts.length) return;
        settle();
        state.part = detail;
        keep();
        show();
    });
    const reset = button(words.reset, () => { state = fresh(); });
    reset.classList.add("reset");

    // The last three minutes of a longer part are told, once each.
    const told = () => {
        const rest = Math.ceil((parts[state.part].dataset.minutes * 60000 - spent(state.part)) / 60000);
        if (!words.left || !state.since || parts[state.part].dataset.minutes <= 3 || rest > 3) return "";
        return rest > 0 ? words.left.replace("{n}", rest) : words.over;
    };

    const show = () => {
        const sum = parts.reduce((all, _part, number) => all + spent(number), 0);
        total.textContent = `${clock(sum)} ${words.total}`;
        run.textContent = state.since ? words.pause : sum ? words.goOn : words.start;
        next.disabled = state.part === parts.length - 1;
        reset.hidden = !sum;
        const name = parts[state.part].querySelector("h3").firstChild.textContent.trim();
        if (now.textContent !== name) now.textContent = name;
        if (left.textContent !== told()) left.textContent = told();
        parts.forEach((part, number) => {
            const ms = spent(number), isOver = ms > part.dataset.minutes * 60000;
            const line = part.querySelector(".spent");
            line.textContent = ms ? `${clock(ms)}${isOver ? `, ${words.over}` : ""}` : "";
            line.classList.toggle("is-over", isOver);
            part.classList.toggle("is-now", number === state.part && Boolean(sum));
        });
    };
    setInterval(() => { if (state.since) show(); }, 500);
    show();
})();
