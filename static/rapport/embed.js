// For a company's own site. Shows the list of open jobs in <div data-rapport-jobs></div>, and keeps every frame with
// our list as high as the list is. It needs nothing else and leaves nothing behind.
(() => {
    "use strict";
    const home = new URL(document.currentScript.src).origin;

    const show = () => {
        for (const place of document.querySelectorAll("[data-rapport-jobs]:not(:has(iframe))")) {
            const frame = document.createElement("iframe");
            const filters = new URLSearchParams(place.dataset.rapportJobs);
            frame.src = `${home}/embed/${filters.size ? `?${filters}` : ""}`;
            frame.title = place.dataset.title || "Open jobs";
            frame.loading = "lazy";
            frame.width = "100%";
            frame.height = "400";
            frame.style.border = "0";
            place.append(frame);
        }
    };

    window.addEventListener("message", (event) => {
        const height = event.data && event.data.rapportHeight;
        if (event.origin !== home || !Number.isFinite(height)) return;
        for (const frame of document.querySelectorAll("iframe")) {
            if (frame.contentWindow === event.source) frame.height = String(Math.min(Math.max(height, 40), 20000));
        }
    });

    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", show);
    else show();
})();
