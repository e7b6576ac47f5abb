/* Refreshes the preview below a field of block-editor text; the server renders and cleans it. */
const waiting = new WeakMap();

async function refresh(preview) {
  const field = preview.parentElement.querySelector("textarea");
  const token = field.form.querySelector("[name=csrfmiddlewaretoken]").value;
  const answer = await fetch(preview.dataset.url, {
    method: "POST",
    headers: { "X-CSRFToken": token },
    body: new URLSearchParams({ text: field.value }),
  });
  if (answer.ok) preview.querySelector("div").innerHTML = await answer.text();
}

document.addEventListener("toggle", ({ target }) => {
  if (target.matches?.(".block-text-preview") && target.open) refresh(target);
}, true);

document.addEventListener("input", ({ target }) => {
  const preview = target.closest?.(".block-text")?.parentElement.querySelector(".block-text-preview");
  if (!preview?.open) return;
  clearTimeout(waiting.get(preview));
  waiting.set(preview, setTimeout(refresh, 600, preview));
});
