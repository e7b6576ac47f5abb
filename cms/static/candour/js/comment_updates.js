/* New comments arrive while a page is read: the thread is asked for again, mostly answered by 304. */
const thread = document.querySelector("[data-thread]");
const EVERY = 30_000;

const articles = (root) => [...root.querySelectorAll("article[id]")];

/* Somebody is writing in it, or it is shown to its author alone. */
const isBusy = (article) => article.querySelector("form, .comment-waiting, [data-own-status]");

/* Bring what is new to where it stands there, show what has changed, take away what has left. */
function merge(fresh) {
  let last = null;
  const added = [];
  for (const article of articles(fresh)) {
    const item = article.closest("li");
    const here = document.getElementById(article.id);
    if (here) {
      last = here;
      for (const part of ["header", "div"]) {
        const [old, now] = [here, article].map((each) => each.querySelector(`:scope > ${part}`));
        if (old && now && old.outerHTML !== now.outerHTML && !isBusy(here)) old.replaceWith(now.cloneNode(true));
      }
      continue;
    }
    const single = item.cloneNode(false);
    single.append(article.cloneNode(true));
    const parent = item.parentElement.closest("li")?.querySelector("article").id;
    const home = parent ? document.getElementById(parent).closest("li") : thread;
    let list = home.querySelector(":scope > ol");
    if (!list) {
      list = document.createElement("ol");
      if (!parent) list.className = "comment-list";
      home.append(list);
    }
    const before = last && list.contains(last) ? [...list.children].find((child) => child.contains(last)) : null;
    if (before) before.after(single);
    else list.prepend(single);
    last = single.querySelector("article");
    added.push(last);
  }
  const known = new Set(articles(fresh).map((article) => article.id));
  for (const article of articles(thread)) {
    if (known.has(article.id) || isBusy(article)) continue;
    const item = article.closest("li");
    item.replaceWith(...item.querySelectorAll(":scope > ol > li"));
  }
  document.dispatchEvent(new CustomEvent("candour:thread"));
  return added;
}

function offer(fresh, count) {
  const bar = document.querySelector("[data-new-comments]");
  const show = document.createElement("button");
  show.type = "button";
  show.className = "button button-quiet";
  show.textContent = count === 1 ? bar.dataset.one : bar.dataset.many.replace("%(count)s", count);
  show.addEventListener("click", () => {
    const added = merge(fresh);
    bar.replaceChildren();
    document.querySelector(".comments-empty")?.remove();
    for (const article of added) article.classList.add("is-new");
    if (!added.length) return;
    added[0].tabIndex = -1;
    added[0].focus();
  });
  bar.replaceChildren(show);
}

let mark = "";

async function look() {
  if (document.hidden) return;
  const answer = await fetch(thread.dataset.thread, { headers: mark ? { "If-None-Match": mark } : {}, cache: "no-store" });
  if (answer.status === 304 || !answer.ok) return;
  mark = answer.headers.get("ETag") || "";
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").body;
  const count = articles(fresh).filter((article) => !document.getElementById(article.id)).length;
  if (count) offer(fresh, count);
  else merge(fresh);
}

if (thread?.dataset.thread) {
  const timer = setInterval(() => look().catch(() => {}), EVERY);
  document.addEventListener("visibilitychange", () => look().catch(() => {}));
  addEventListener("pagehide", () => clearInterval(timer));
}
