// The paper of a written exercise: keeps what is typed on the server every few seconds, and on this device until the
// server has it; shows how long is left. The server's clock decides. Nothing else is watched: no pasting, no focus.
"use strict";

(() => {
    const SAVE_AFTER = 2500, TRY_AGAIN = 5000, LOOK_AGAIN = 60000, GIVE_UP = 15000, RELOAD_AFTER = 12000;
    const TOLD_AT = [10, 5, 1];

    // Words that have not reached the server yet, by box: what was typed, and which texts that window knew.
    const shelf = (key) => ({
        read() {
            try { return JSON.parse(localStorage.getItem(key)) ?? {}; } catch { return {}; }
        },
        write(kept) {
            try {
                if (Object.keys(kept).length) localStorage.setItem(key, JSON.stringify(kept));
                else localStorage.removeItem(key);
            } catch { /* a browser without storage: the page itself still holds the words */ }
        },
    });

    const late = document.querySelector("[data-paper-over]");
    if (late) offerWhatIsLeft(late, shelf(late.dataset.paperOver));
    const form = document.querySelector("form[data-paper]");
    if (form) keepPaper(form, shelf(form.dataset.paper));

    // After the end: words that a lost line kept on this device can still be sent along.
    function offerWhatIsLeft(page, kept) {
        const section = page.querySelector("[data-left-over]");
        const left = Object.entries(kept.read());
        if (!section || !left.length) return;
        const list = section.querySelector("form > div");
        for (const [name, one] of left) {
            const area = document.createElement("textarea");
            area.name = `reply_${name}`;
            area.className = "form-control";
            area.rows = 4;
            area.value = one.text;
            area.setAttribute("aria-label", section.dataset.label);
            list.append(area);
        }
        section.hidden = false;
        const form = section.querySelector("form"), told = section.querySelector("[role=status]");
        form.addEventListener("submit", async (event) => {
            event.preventDefault();
            const body = new URLSearchParams(new FormData(form));
            body.set("action", "autosave");
            const answer = await fetch(window.location.pathname, { method: "POST", body }).catch(() => null);
            if (!answer?.ok) { told.textContent = section.dataset.offline; return; }
            const arrived = new Set((await answer.json()).kept);
            const lacking = left.filter(([name]) => !arrived.has(name));
            kept.write(Object.fromEntries(lacking));
            if (lacking.length) form.submit(); // the page says what is wrong
            else window.location.reload();
        });
    }

    // The same short sign of a text as the server makes: its length in bytes and its CRC-32.
    function mark(text) {
        const bytes = new TextEncoder().encode(text);
        let crc = -1;
        for (const byte of bytes) {
            crc ^= byte;
            for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
        }
        return `${bytes.length}-${((crc ^ -1) >>> 0).toString(16)}`;
    }

    function keepPaper(form, kept) {
        const words = form.dataset;
        const saved = document.getElementById("saved");
        const boxes = new Map([...form.querySelectorAll("[data-box]")].map((field) => [field.dataset.box, {
            field,
            area: field.querySelector("textarea"),
            seen: field.querySelector("input[type=hidden]"),
            isDirty: false,
            isHeld: false,
        }]));
        const mine = new Set(); // boxes that this window has put on the shelf
        let orphans = {}, timer = 0, running = null, isClosed = false;
        let end = performance.now() + Number(words.left) * 1000;

        const say = (text, isFailed = false) => {
            if (saved.textContent !== text) saved.textContent = text;
            saved.classList.toggle("is-failed", isFailed);
        };
        // Another window of this browser may have put something there, too: each takes away only its own.
        const shelve = () => {
            const left = kept.read();
            for (const name of mine) delete left[name];
            Object.assign(left, orphans);
            for (const [name, box] of boxes) {
                if (!box.isDirty) continue;
                left[name] = { text: box.area.value, seen: box.seen.value };
                mine.add(name);
            }
            kept.write(left);
        };
        const isDirty = () => Object.keys(orphans).length > 0 || [...boxes.values()].some((box) => box.isDirty && !box.isHeld);
        const soon = (after) => {
            clearTimeout(timer);
            timer = setTimeout(save, after);
        };

        // What is on its way is known to this window even if the answer gets lost.
        const pack = () => {
            const body = new URLSearchParams({ action: "autosave" });
            body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
            const sent = new Map();
            for (const [name, box] of boxes) {
                if (!box.isDirty || box.isHeld) continue;
                body.set(`reply_${name}`, box.area.value);
                body.set(`seen_${name}`, box.seen.value);
                box.seen.value = `${box.seen.value} ${mark(box.area.value)}`.split(" ").slice(-40).join(" ");
                sent.set(name, box.area.value);
            }
            for (const [name, one] of Object.entries(orphans)) body.set(`reply_${name}`, one.text);
            shelve();
            return { body, sent };
        };

        // One at a time. Gives whether the server answered.
        function save() {
            clearTimeout(timer);
            timer = 0;
            running ??= send().finally(() => {
                running = null;
                if (isDirty() && !timer && !isClosed) soon(SAVE_AFTER);
            });
            return running;
        }

        async function send() {
            const { body, sent } = pack();
            let answer;
            try {
                answer = await fetch(window.location.pathname, { method: "POST", body, signal: AbortSignal.timeout(GIVE_UP) });
                if (answer.status >= 500) throw new Error("away");
            } catch {
                say(words.offline, true);
                soon(TRY_AGAIN);
                return false;
            }
            if (!answer.ok || !answer.headers.get("content-type")?.includes("json")) {
                isClosed = answer.status !== 400 && answer.status !== 413;
                say(isClosed ? words.closed : words.refused, true);
                return false;
            }
            take(await answer.json(), sent);
            return true;
        }

        function take(told, sent) {
            for (const [name, text] of sent) {
                const box = boxes.get(name), one = told.boxes[name];
                if (!one) { box.isDirty = false; continue; } // answered in another window: told among the strays
                explain(box, one);
                if (one.error) box.isHeld = box.area.value === text;
                else if (box.area.value === text) box.isDirty = false;
                if (!one.error || one.other) box.seen.value = one.seen;
            }
            orphans = {};
            showStrays(told.strays);
            shelve();
            const isWrong = [...sent.keys()].some((name) => told.boxes[name]?.error) || told.strays.length > 0;
            if (sent.size || isWrong || saved.classList.contains("is-failed")) say(isWrong ? words.refused : told.saved, isWrong);
            end = performance.now() + told.left * 1000;
            if (told.is_over) window.location.reload();
            tick();
        }

        function explain(box, one) {
            const error = box.field.querySelector(".field-error"), other = box.field.querySelector(".other");
            error.textContent = one.error;
            error.hidden = !one.error;
            box.area.toggleAttribute("aria-invalid", Boolean(one.error));
            if (one.error) {
                box.area.setAttribute("aria-invalid", "true");
                box.area.setAttribute("aria-describedby", error.id);
            }
            if (!one.other) return;
            other.querySelector(".answer").textContent = one.other;
            other.hidden = false;
            if (other.querySelector("button")) return;
            const both = document.createElement("button");
            both.type = "button";
            both.className = "btn btn-outline-primary";
            both.textContent = words.both;
            both.addEventListener("click", () => {
                box.area.value += `\n\n${other.querySelector(".answer").textContent}`;
                other.hidden = true;
                box.area.focus();
                typed(box);
            });
            other.append(both);
        }

        function showStrays(strays) {
            for (const stray of strays) {
                const line = document.createElement("p"), area = document.createElement("textarea");
                line.className = "field-error";
                line.textContent = stray.message;
                area.className = "form-control";
                area.readOnly = true;
                area.value = stray.text;
                area.setAttribute("aria-label", stray.message);
                form.before(line, area);
            }
        }

        function typed(box) {
            box.isDirty = true;
            box.isHeld = false;
            shelve();
            if (!timer && !running) soon(SAVE_AFTER);
        }

        // The clock: the words change once a minute, and are read out three times.
        let shown = null;
        const clock = document.getElementById("clock");
        const inWords = (minutes) => (minutes === 1 ? words.one : words.many.replace("{n}", minutes));
        function tick() {
            const left = Math.max(0, end - performance.now());
            const minutes = Math.ceil(left / 60000);
            const isOver = left === 0;
            for (const box of boxes.values()) box.area.readOnly = isOver;
            if (minutes === shown) return;
            shown = minutes;
            clock.textContent = inWords(minutes);
            if (TOLD_AT.includes(minutes)) document.getElementById("told").textContent = inWords(minutes);
            if (isOver) finish();
        }
        async function finish() {
            document.getElementById("told").textContent = words.over;
            clock.textContent = words.over;
            const reached = await save();
            if (!isClosed && (reached || !isDirty())) setTimeout(() => { if (performance.now() >= end) window.location.reload(); }, RELOAD_AFTER);
        }

        form.addEventListener("input", (event) => {
            const box = boxes.get(event.target.closest("[data-box]")?.dataset.box);
            if (box) typed(box);
        });

        // A button first brings what was typed to the server: without a line the page stays as it is.
        form.addEventListener("submit", async (event) => {
            if (words.go) return;
            event.preventDefault();
            const button = event.submitter;
            if (running) await running;
            for (const box of boxes.values()) box.isHeld = false;
            if (!await save()) {
                if (!isClosed) say(words.notSent, true);
                return;
            }
            if (button?.value === "save") return;
            words.go = "yes";
            form.requestSubmit(button);
        });
        window.addEventListener("pageshow", () => { delete words.go; });
        window.addEventListener("pagehide", shelve);
        window.addEventListener("online", () => { if (isDirty()) save(); });
        document.addEventListener("visibilitychange", () => {
            if (document.visibilityState === "hidden") shelve(); // on this device alone
        });

        for (const [name, one] of Object.entries(kept.read())) {
            const box = boxes.get(name);
            mine.add(name);
            if (!box) orphans[name] = one;
            else if (box.area.value !== one.text) {
                box.area.value = one.text;
                box.seen.value = one.seen;
                box.isDirty = true;
                say(words.restored);
            }
        }
        // Somebody quick has typed before this script was here.
        for (const box of boxes.values()) {
            if (!box.isDirty && box.area.value !== box.area.defaultValue) typed(box);
        }
        if (isDirty()) soon(0);
        else shelve();
        setInterval(tick, 1000);
        setInterval(() => { if (!isClosed) save(); }, LOOK_AGAIN);
        tick();
    }
})();
