/* Reactions, reports, and an author's own changes, without a reload. The forms and pages work without this. */
const section = document.querySelector("[data-comments]");
const words = section?.dataset;
const OWN = "candour-own-comments";
const GIVEN = "candour-reactions";
// So many reactions are remembered as this reader's own.
const MOST_GIVEN = 500;
const API = "/wp-json/candour/v1/comments";

/* Without storage, what is remembered lasts as long as the page. */
function read(storage, name, otherwise) {
  try {
    return JSON.parse(window[storage].getItem(name)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

function write(storage, name, value) {
  try {
    window[storage].setItem(name, JSON.stringify(value));
  } catch {
    /* As above. */
  }
}

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

const linkButton = (text, onclick) => element("button", { type: "button", className: "link-button", textContent: text, onclick });

/* Say something where it belongs, and to screen readers. */
function tell(article, text, isError) {
  let line = article.querySelector("[data-own-status]");
  if (!line) {
    line = element("p");
    line.dataset.ownStatus = "";
    article.append(line);
  }
  line.className = `notice ${isError ? "notice-error" : "notice-success"}`;
  line.textContent = text;
  section.querySelector("[data-said]").textContent = text;
}

const failed = (article) => (error) => tell(article, error.said || words.wordsFailed, true);

async function ask(address, options) {
  const answer = await fetch(address, options);
  const told = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(), { said: told.message });
  return told;
}

/* An author's own comments: their tokens stay in this tab until the time to change them is over. */

function ownComments() {
  const kept = Object.entries(read("sessionStorage", OWN, {}));
  return Object.fromEntries(kept.filter(([, own]) => Date.parse(own.until) > Date.now()));
}

function remember(id, own) {
  const { [id]: _, ...others } = ownComments();
  write("sessionStorage", OWN, own ? { ...others, [id]: own } : others);
}

function change(id, own, method, body) {
  return ask(`${API}/${id}?lang=${document.documentElement.lang}`, {
    method,
    headers: { "Content-Type": "application/json", "X-Candour-Edit-Token": own.token },
    body: body && JSON.stringify(body),
  });
}

async function editInPlace(article, id, own, line) {
  const text = article.querySelector("div");
  const told = await change(id, own, "GET");
  const area = element("textarea", { rows: 6, value: told.content.raw, ariaLabel: words.wordsEdit });
  const save = element("button", { className: "button button-small", textContent: words.wordsSave });
  const end = () => {
    editor.remove();
    text.hidden = line.hidden = false;
    line.querySelector("button").focus();
  };
  const field = element("p", { className: "field" }, area);
  const buttons = element("p", { className: "button-row" }, save, linkButton(words.wordsCancel, end));
  const editor = element("form", { className: "form" }, field, buttons);
  editor.addEventListener("keydown", (event) => event.key === "Escape" && end());
  editor.addEventListener("submit", (event) => {
    event.preventDefault();
    change(id, own, "PATCH", { content: area.value }).then((changed) => {
      text.innerHTML = changed.content.rendered;
      end();
      tell(article, changed.status === "approved" ? words.wordsChanged : words.wordsWaits, false);
    }).catch(failed(article));
  });
  text.hidden = line.hidden = true;
  text.after(editor);
  area.focus();
}

function withdraw(article, id, own) {
  if (!confirm(words.wordsSure)) return;
  change(id, own, "DELETE").then(() => {
    remember(id);
    article.replaceChildren();
    tell(article, words.wordsGone, false);
  }).catch(failed(article));
}

function offerChanges(id, own) {
  const article = document.getElementById(`comment-${id}`);
  if (!article || article.querySelector("[data-own]")) return;
  const line = element("p", { className: "comment-own button-row" });
  line.dataset.own = "";
  line.append(
    linkButton(words.wordsEdit, () => editInPlace(article, id, own, line).catch(failed(article))),
    linkButton(words.wordsWithdraw, () => withdraw(article, id, own)),
  );
  article.append(line);
  setTimeout(() => line.remove(), Math.max(0, Math.min(Date.parse(own.until) - Date.now(), 2 ** 31 - 1)));
}

/* Put a new comment where it belongs: below its parent, or where new ones stand. */
function place(told) {
  const parent = told.parent && document.getElementById(`comment-${told.parent}`);
  const home = parent ? parent.closest("li") : section.querySelector("[data-thread]");
  let list = home.querySelector(":scope > ol");
  if (!list) {
    list = element("ol", parent ? {} : { className: "comment-list" });
    home.append(list);
    section.querySelector(".comments-empty")?.remove();
  }
  const item = element("li", { innerHTML: told.html });
  if (!parent && "newestFirst" in words) list.prepend(item);
  else list.append(item);
  const article = item.querySelector("article");
  article.tabIndex = -1;
  article.classList.add("is-new");
  article.focus({ preventScroll: true });
  article.scrollIntoView({ block: "center" });
}

/* Reactions: the site counts, this browser remembers which ones were given in it. */

const reactionOf = (button) => `${button.name} ${button.value}`;

function showGiven() {
  for (const each of read("localStorage", GIVEN, [])) {
    const [kind, id] = [each.slice(0, each.lastIndexOf(" ")), each.slice(each.lastIndexOf(" ") + 1)];
    const buttons = document.getElementById(`comment-${id}`)?.querySelectorAll("footer > button") ?? [];
    for (const button of buttons) if (button.name === kind) button.ariaPressed = "true";
  }
}

async function react(form, button) {
  const { counts, own } = await ask(form.action, {
    method: "POST",
    headers: { Accept: "application/json" },
    body: new URLSearchParams({ [button.name]: button.value }),
  });
  const isGiven = own.includes(button.name);
  button.ariaPressed = String(isGiven);
  button.querySelector("b")?.remove();
  if (counts[button.name]) button.append(button.textContent.endsWith(" ") ? "" : " ", element("b", { textContent: counts[button.name] }));
  const others = read("localStorage", GIVEN, []).filter((each) => each !== reactionOf(button));
  write("localStorage", GIVEN, isGiven ? [...others, reactionOf(button)].slice(-MOST_GIVEN) : others);
}

/* A report in place: the page that the link leads to, in a dialog. */

async function partOf(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const part = page.querySelector("[data-flag]");
  if (!part) throw new Error();
  part.querySelector("[data-back]")?.remove();
  const heading = part.querySelector("h1");
  heading.replaceWith(element("h2", { id: "flag-heading", textContent: heading.textContent }));
  return part;
}

async function report(link) {
  const dialog = element("dialog", { className: "dialog" });
  dialog.setAttribute("aria-labelledby", "flag-heading");
  const show = (part) => {
    const close = element("p", {}, linkButton(words.wordsClose, () => dialog.close()));
    dialog.replaceChildren(part, close);
  };
  show(await partOf(await fetch(link.href)));
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.target;
    fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) }).then(async (answer) => {
      // What breaks the law is reported on a page of its own.
      if (answer.redirected) return location.assign(answer.url);
      show(await partOf(answer));
      const said = dialog.querySelector("[role]");
      said.tabIndex = -1;
      return said.focus();
    }).catch(() => form.submit());
  });
  document.body.append(dialog);
  dialog.showModal();
}

if (section) {
  const reactions = document.getElementById("react.");
  reactions.addEventListener("submit", (event) => {
    event.preventDefault();
    react(reactions, event.submitter).catch(failed(event.submitter.closest("article")));
  });
  section.addEventListener("click", (event) => {
    const link = event.target.closest('a[href$="/flag/"]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    report(link).catch(() => location.assign(link.href));
  });
  document.addEventListener("candour:commented", ({ detail }) => {
    place(detail);
    if (!detail.edit_token) return;
    const own = { token: detail.edit_token, until: detail.edit_until };
    remember(detail.id, own);
    offerChanges(detail.id, own);
  });
  const own = () => Object.entries(ownComments()).forEach(([id, each]) => offerChanges(id, each));
  document.addEventListener("candour:thread", () => {
    showGiven();
    own();
  });
  showGiven();
  own();
}
