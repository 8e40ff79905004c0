// What is typed on a scorecard outlives a lost connection and a killed tab: what the server has not got yet rests in
// this browser under the page's address, and goes as soon as the server has it, when the card is locked, or after three days.
// Only what was touched in this window is sent, with what stood there before (was_...): so two windows wipe nothing.
"use strict";

(() => {
    const PREFIX = "typed:", LONGEST = 3 * 24 * 3600 * 1000, EVERY = 5000, MOST_SENT = 5;
    const store = (act) => { try { return act(localStorage); } catch { return null; } }; // a browser may refuse it
    const read = (key) => { try { return JSON.parse(store((all) => all.getItem(key))); } catch { return null; } };
    for (const key of Object.keys(store((all) => ({ ...all })) ?? {})) {
        if (key.startsWith(PREFIX) && !(read(key)?.at > Date.now() - LONGEST)) store((all) => all.removeItem(key));
    }
    const over = document.querySelector("[data-forget]");
    if (over) store((all) => all.removeItem(PREFIX + over.dataset.forget));

    const form = document.querySelector("form[data-autosave]");
    if (!form) return;
    const place = PREFIX + location.pathname;
    const fields = [...form.elements].filter((one) => one.name && one.matches("textarea, select, input[type=radio]"));
    const names = [...new Set(fields.map((one) => one.name))];
    const of = (name) => fields.filter((one) => one.name === name);
    const radio = (name, chosen) => of(name).find((one) => one[chosen])?.value ?? "";
    const first = (name) => {
        const [one] = of(name);
        if (one.type === "radio") return radio(name, "defaultChecked");
        return one.options ? [...one.options].find((option) => option.defaultSelected)?.value ?? one.options[0].value : one.defaultValue;
    };
    const now = (name) => (of(name)[0].type === "radio" ? radio(name, "checked") : of(name)[0].value);

    let isAll = "all" in form.dataset; // after an error the page shows what was sent, not what is kept
    let isOver = false, sent = new Map();
    const base = new Map(names.map((name) => [name, first(name)]));
    const was = new Map(names.map((name) => [name, [base.get(name)]]));
    const changed = () => names.filter((name) => isAll || now(name) !== base.get(name));

    const keep = () => {
        const left = isOver ? [] : changed();
        const kept = Object.fromEntries(left.map((name) => [name, { value: now(name), was: was.get(name) }]));
        store((all) => (left.length ? all.setItem(place, JSON.stringify({ at: Date.now(), kept })) : all.removeItem(place)));
    };

    const put = (name, value) => {
        for (const one of of(name)) {
            if (one.type === "radio") one.checked = one.value === value;
            else one.value = value;
        }
    };
    const bring = () => {
        const kept = Object.entries(read(place)?.kept ?? {});
        const lost = kept.filter(([name, { value }]) => base.has(name) && now(name) !== value);
        for (const [name, entry] of lost) {
            put(name, entry.value);
            was.set(name, entry.was);
        }
        if (!lost.length) return;
        document.getElementById("saved").textContent = form.dataset.back;
        setTimeout(() => of(lost[0][0])[0].dispatchEvent(new Event("input", { bubbles: true })), 1000);
    };
    if ("done" in form.dataset) store((all) => all.removeItem(place));
    else if (isAll) keep();
    else bring();

    form.addEventListener("formdata", ({ formData }) => {
        sent = new Map();
        for (const name of names) {
            if (!isAll && now(name) === base.get(name)) {
                formData.delete(name);
                continue;
            }
            sent.set(name, now(name));
            if (!isAll && of(name)[0].matches("textarea")) for (const text of was.get(name)) formData.append(`was_${name}`, text);
        }
    });
    form.addEventListener("htmx:beforeSend", () => {
        for (const [name, text] of sent) was.set(name, [...was.get(name).filter((one) => one !== text), text].slice(-MOST_SENT));
    });
    form.addEventListener("htmx:afterRequest", ({ detail }) => {
        isOver = isOver || [404, 410].includes(detail.xhr.status); // locked or taken back in another window
        if (detail.successful && !detail.xhr.responseText.includes("is-failed")) {
            isAll = false;
            for (const [name, text] of sent) {
                base.set(name, text);
                was.set(name, [text]);
            }
        }
        keep();
    });

    let waiting = 0;
    form.addEventListener("input", () => {
        clearTimeout(waiting);
        waiting = setTimeout(keep, 250);
    });
    form.addEventListener("change", keep);
    addEventListener("pagehide", keep);
    document.addEventListener("visibilitychange", keep);
    setInterval(() => {
        const isNew = changed().some((name) => sent.get(name) !== now(name));
        if (isNew && navigator.onLine && !isOver) form.dispatchEvent(new Event("again")); // who never stops typing
    }, EVERY);
})();
