/* New comments arrive while a page is read: the thread is asked for again, mostly answered by 304. */
const thread = document.querySelector("[data-thread]");
const EVERY = 30_000;

const articles = (root) => [...root.querySelectorAll("article.comment")];

/* Bring the comments that are not here yet to where they stand there, and take away those that left. */
function merge(fresh) {
  let last = null;
  for (const article of articles(fresh)) {
    const item = article.closest("li");
    const here = document.getElementById(article.id);
    if (here) {
      last = here;
      continue;
    }
    const single = item.cloneNode(false);
    single.append(article.cloneNode(true));
    const parentItem = item.parentElement.closest("li");
    const parent = parentItem && document.getElementById(parentItem.querySelector("article").id);
    const home = parent ? parent.closest("li") : thread;
    let list = [...home.children].find((child) => child.matches("ol.comment-list"));
    if (!list) {
      list = document.createElement("ol");
      list.className = "comment-list";
      home.append(list);
    }
    const before = last && list.contains(last) ? [...list.children].find((child) => child.contains(last)) : null;
    if (before) before.after(single);
    else list.prepend(single);
    last = single.querySelector("article");
  }
  const known = new Set(articles(fresh).map((article) => article.id));
  for (const article of articles(thread)) {
    const isOwn = article.querySelector("[data-own], .comment-waiting");
    if (known.has(article.id) || isOwn) continue;
    const item = article.closest("li");
    item.replaceWith(...item.querySelectorAll(":scope > ol.comment-list > li"));
  }
}

function offer(fresh, count) {
  const bar = document.querySelector("[data-new-comments]");
  const words = count === 1 ? bar.dataset.one : bar.dataset.many.replace("%(count)s", count);
  const show = document.createElement("button");
  show.type = "button";
  show.className = "button button-quiet";
  show.textContent = words;
  show.addEventListener("click", () => {
    merge(fresh);
    bar.replaceChildren();
    document.querySelector(".comments-empty")?.remove();
  });
  bar.replaceChildren(show);
}

let mark = "";

async function look() {
  if (document.hidden) return;
  const answer = await fetch(thread.dataset.thread, { headers: mark ? { "If-None-Match": mark } : {}, cache: "no-store" });
  if (answer.status === 304 || !answer.ok) return;
  const isFirst = !mark;
  mark = answer.headers.get("ETag") || "first";
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").body;
  const count = articles(fresh).filter((article) => !document.getElementById(article.id)).length;
  if (count) offer(fresh, count);
  else if (!isFirst) merge(fresh);
}

if (thread?.dataset.thread) {
  const timer = setInterval(() => look().catch(() => {}), EVERY);
  document.addEventListener("visibilitychange", () => look().catch(() => {}));
  addEventListener("pagehide", () => clearInterval(timer));
}
