/* Reactions, and an author's own changes, without a reload. The forms and pages work without this. */
const section = document.querySelector("[data-comments]");
const KEPT = "candour-own-comments";
const API = "/wp-json/candour/v1/comments";

/* The tokens of one's own comments, in this tab alone, until the time to change them is over. */
function ownComments() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEPT) || "{}");
    return Object.fromEntries(Object.entries(kept).filter(([, own]) => Date.parse(own.until) > Date.now()));
  } catch {
    return {};
  }
}

function remember(id, own) {
  const kept = ownComments();
  if (own) kept[id] = own;
  else delete kept[id];
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(kept));
  } catch {
    /* Without storage the buttons last as long as the page. */
  }
}

function button(words, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "link-button";
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
}

function tell(article, words, isError) {
  let line = article.querySelector("[data-own-status]");
  if (!line) {
    line = document.createElement("p");
    line.dataset.ownStatus = "";
    line.setAttribute("role", "status");
    article.append(line);
  }
  line.className = `notice ${isError ? "notice-error" : "notice-success"}`;
  line.textContent = words;
}

async function ask(id, token, method, body) {
  const answer = await fetch(`${API}/${id}`, {
    method,
    headers: { "Content-Type": "application/json", "X-Candour-Edit-Token": token },
    body: body && JSON.stringify(body),
  });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.message);
  return told;
}

async function editInPlace(article, id, own) {
  const text = article.querySelector(".comment-text");
  const told = await ask(id, own.token, "GET");
  const editor = document.createElement("form");
  editor.className = "form";
  const area = document.createElement("textarea");
  area.rows = 6;
  area.value = told.content.raw;
  area.setAttribute("aria-label", section.dataset.wordsEdit);
  const save = document.createElement("button");
  save.className = "button";
  save.textContent = section.dataset.wordsSave;
  const end = () => {
    editor.remove();
    text.hidden = false;
  };
  const line = document.createElement("p");
  line.append(save, " ", button(section.dataset.wordsCancel, end));
  editor.append(area, line);
  editor.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(id, own.token, "PATCH", { content: area.value }).then((changed) => {
      text.innerHTML = changed.content.rendered;
      end();
      tell(article, changed.status === "approved" ? section.dataset.wordsChanged : section.dataset.wordsWaits, false);
    }).catch((error) => tell(article, error.message || section.dataset.wordsFailed, true));
  });
  text.hidden = true;
  text.after(editor);
  area.focus();
}

function offerChanges(id, own) {
  const article = document.getElementById(`comment-${id}`);
  if (!article || article.querySelector("[data-own]")) return;
  const line = document.createElement("p");
  line.className = "comment-actions";
  line.dataset.own = "";
  const failed = (error) => tell(article, error.message || section.dataset.wordsFailed, true);
  line.append(
    button(section.dataset.wordsEdit, () => editInPlace(article, id, own).catch(failed)),
    " ",
    button(section.dataset.wordsWithdraw, () => {
      if (!confirm(section.dataset.wordsSure)) return;
      ask(id, own.token, "DELETE").then(() => {
        remember(id);
        article.querySelector(".comment-text").replaceChildren();
        line.remove();
        tell(article, section.dataset.wordsGone, false);
      }).catch(failed);
    }),
  );
  article.append(line);
  setTimeout(() => line.remove(), Math.max(0, Math.min(Date.parse(own.until) - Date.now(), 2 ** 31 - 1)));
}

/* Put a new comment where it belongs: below its parent, or at the end. */
function place(told) {
  const parent = told.parent && document.getElementById(`comment-${told.parent}`);
  const home = parent ? parent.closest("li") : section.querySelector("[data-thread]");
  let list = [...home.children].find((child) => child.matches("ol.comment-list"));
  if (!list) {
    list = document.createElement("ol");
    list.className = "comment-list";
    home.append(list);
    section.querySelector(".comments-empty")?.remove();
  }
  const item = document.createElement("li");
  item.innerHTML = told.html;
  list.append(item);
  item.scrollIntoView({ block: "center" });
}

async function react(form) {
  const pressed = form.querySelector("button");
  const isGiven = pressed.getAttribute("aria-pressed") === "true";
  const address = `${API}/${form.dataset.react}/reactions`;
  const kind = encodeURIComponent(pressed.value);
  const answer = isGiven
    ? await fetch(`${address}?kind=${kind}`, { method: "DELETE" })
    : await fetch(`${address}?kind=${kind}`, { method: "POST" });
  if (!answer.ok) return form.submit();
  const { counts } = await answer.json();
  pressed.setAttribute("aria-pressed", String(!isGiven));
  form.querySelector("[data-count]").textContent = counts[pressed.value] || "";
}

if (section) {
  section.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-react]")) return;
    event.preventDefault();
    react(event.target).catch(() => event.target.submit());
  });
  document.addEventListener("candour:commented", ({ detail }) => {
    place(detail);
    if (!detail.edit_token) return;
    const own = { token: detail.edit_token, until: detail.edit_until };
    remember(detail.id, own);
    offerChanges(detail.id, own);
  });
  for (const [id, own] of Object.entries(ownComments())) offerChanges(id, own);
}
