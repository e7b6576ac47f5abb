/* What Wagtail's text editor lacks for keyboards and screen readers: a name, and a way out of lists. */
const { leave } = document.currentScript.dataset;

function name() {
  for (const box of document.querySelectorAll("[role=textbox]:not([aria-label])")) {
    const label = box.closest("[data-contentpath]")?.querySelector("label");
    if (label) box.setAttribute("aria-label", `${label.textContent.trim()}. ${leave}`);
  }
}
new MutationObserver(name).observe(document.documentElement, { childList: true, subtree: true });

// In a list the editor takes Tab for itself; after Escape it leads on, as everywhere else.
let isLeaving = false;
document.addEventListener("keydown", (event) => {
  if (!event.target.closest?.("[role=textbox]")) return;
  if (event.key === "Tab" && isLeaving) event.stopImmediatePropagation();
  if (event.key !== "Shift") isLeaving = event.key === "Escape";
}, true);
