/* Comments without a reload: drafts, remembered fields, sending, replies in place. The form works without this. */
const form = document.querySelector("[data-comment-form]");

const cookie = (name) => {
  const found = document.cookie.split("; ").find((part) => part.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
};

function remembered(form) {
  for (const [name, field] of [["comment_author", "author"], ["comment_author_email", "email"], ["comment_author_url", "url"]]) {
    const input = form.elements[field];
    if (input && !input.value) input.value = cookie(name);
  }
  const box = form.elements["wp-comment-cookies-consent"];
  if (box && cookie("comment_author")) box.checked = true;
}

function keepDraft(form) {
  const key = `candour-draft-${form.dataset.target}`;
  const text = form.elements.comment;
  try {
    if (!text.value) text.value = localStorage.getItem(key) || "";
    text.addEventListener("input", () => localStorage.setItem(key, text.value));
    return () => localStorage.removeItem(key);
  } catch {
    return () => {};
  }
}

async function fetchToken(form) {
  if (form.elements.form_token.value) return;
  const answer = await fetch(`/wp-json/candour/v1/comments/form-token?post=${form.dataset.target}`);
  if (answer.ok) form.elements.form_token.value = (await answer.json()).token;
}

function say(form, text, isError) {
  const status = form.querySelector("[data-comment-status]");
  status.textContent = text;
  status.className = `notice ${isError ? "notice-error" : "notice-success"}`;
  status.hidden = false;
  status.scrollIntoView({ block: "center" });
}

async function send(form, forget) {
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "text/html" } });
  if (answer.ok && answer.redirected) {
    forget();
    if (answer.url.includes("moderation-hash=")) {
      form.elements.comment.value = "";
      say(form, form.dataset.waiting, false);
    } else {
      location.assign(answer.url);
      location.reload();
    }
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  say(form, page.querySelector("[role=alert]")?.textContent || form.dataset.failed, true);
}

function replyInPlace(form) {
  const home = form.parentElement;
  const heading = form.querySelector("h3");
  const words = heading.textContent;
  for (const link of document.querySelectorAll("a.comment-reply")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      form.elements.comment_parent.value = link.dataset.comment;
      heading.textContent = link.getAttribute("aria-label");
      link.closest("article").append(form);
      form.elements.comment.focus();
    });
  }
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && form.elements.comment_parent.value !== "0") {
      form.elements.comment_parent.value = "0";
      heading.textContent = words;
      home.append(form);
    }
  });
}

if (form) {
  remembered(form);
  const forget = keepDraft(form);
  replyInPlace(form);
  form.addEventListener("focusin", () => fetchToken(form).catch(() => {}), { once: true });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form, forget).catch(() => say(form, form.dataset.failed, true));
  });
}
