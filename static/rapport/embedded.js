// Inside the frame: tells the page around it how high the list is, so that nothing has to be scrolled twice.
"use strict";

if (window.parent !== window) {
    const tell = () => {
        const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
        window.parent.postMessage({ rapportHeight: height }, "*"); // a height is no secret
    };
    new ResizeObserver(tell).observe(document.documentElement);
    window.addEventListener("load", tell);
}
