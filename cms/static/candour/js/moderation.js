// Moderation in place: decisions, undo, keys, replies and corrections without leaving the list.
// Every action is a form or a link that works without this script.

const list = document.querySelector("[data-list]");
const say = document.querySelector("[data-say]");
const undone = [];

function announce(sentence) {
  if (say) say.textContent = sentence;
}

async function post(url, data) {
  const answer = await fetch(url, {
    method: "POST", body: data, headers: { Accept: "application/json" }, credentials: "same-origin",
  });
  const body = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(), { sentence: body.sentence });
  return body;
}

function token() {
  return document.querySelector("[name=csrfmiddlewaretoken]").value;
}

function failed(error) {
  announce(error.sentence || say.dataset.failed);
  const outcome = document.querySelector("[data-outcome]");
  outcome.hidden = false;
  outcome.querySelector("[data-outcome-sentence]").textContent =
    error.sentence || say.dataset.failed;
  outcome.querySelector("form")?.remove();
}

function show(counts) {
  const numbers = new Intl.NumberFormat(document.documentElement.lang);
  for (const [status, count] of Object.entries(counts || {})) {
    const place = document.querySelector(`[data-count="${status}"]`);
    if (place) place.textContent = numbers.format(count);
  }
}

// The marked comment

function items() {
  return list ? [...list.querySelectorAll(".moderation-item:not(.is-decided)")] : [];
}

function current() {
  return list?.querySelector(".moderation-item.is-current:not(.is-decided)");
}

function mark(item, { focus = true } = {}) {
  list.querySelectorAll(".is-current").forEach((each) => each.classList.remove("is-current"));
  if (!item) return;
  item.classList.add("is-current");
  if (focus) {
    const article = item.querySelector("article");
    article.focus({ preventScroll: true });
    article.scrollIntoView({ block: "nearest" });
  }
}

function move(by) {
  const all = items();
  if (!all.length) return;
  const at = all.indexOf(current());
  mark(all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)]);
}

function nextOf(item) {
  const all = [...list.querySelectorAll(".moderation-item")];
  const behind = all.slice(all.indexOf(item) + 1).find((each) => !each.classList.contains("is-decided"));
  return behind || items().findLast((each) => each !== item);
}

// Deciding and taking back

async function decide(item, action, { byKey = false } = {}) {
  const form = item.querySelector("[data-act]");
  const data = new FormData(form);
  data.set("action", action);
  item.setAttribute("aria-busy", "true");
  try {
    // The buttons are called action, which hides the form's own property of that name.
    const body = await post(form.getAttribute("action"), data);
    if (action === "trust" && !body.changed && !body.undo_url) return failed(body);
    settle(item, body, byKey);
  } catch (error) {
    failed(error);
  } finally {
    item.removeAttribute("aria-busy");
  }
}

function settle(item, body, byKey) {
  show(body.counts);
  announce(body.sentence);
  const strip = document.getElementById("moderation-undo").content.cloneNode(true).firstElementChild;
  strip.querySelector("p").textContent = body.sentence;
  const button = strip.querySelector("button");
  const next = nextOf(item);
  item.querySelectorAll("[name=comment][type=checkbox]").forEach((box) => { box.checked = false; });
  countChosen();
  item.classList.add("is-decided");
  item.append(strip);
  if (body.undo_url) {
    const step = { item, strip, url: body.undo_url };
    undone.push(step);
    button.addEventListener("click", () => takeBack(step));
  } else {
    button.remove();
  }
  mark(next, { focus: byKey });
  if (!next) {
    announce(`${body.sentence} ${say.dataset.done}`);
    (document.querySelector("[data-next]") || button).focus();
  } else if (!byKey) {
    button.focus();
  }
}

async function takeBack(step) {
  const data = new FormData();
  data.set("csrfmiddlewaretoken", token());
  try {
    const body = await post(step.url, data);
    show(body.counts);
    announce(body.sentence);
    undone.splice(undone.indexOf(step), 1);
    if (body.changed || !body.overtaken) {
      step.strip.remove();
      step.item.classList.remove("is-decided");
      mark(step.item);
    } else {
      step.strip.querySelector("p").textContent = body.sentence;
      step.strip.querySelector("button").remove();
    }
  } catch (error) {
    failed(error);
  }
}

// Writing in place

function write(item, link) {
  item.querySelector(".moderation-write")?.remove();
  const kind = link.dataset.write;
  const label = `data-label-${kind}`;
  const form = document.getElementById("moderation-write").content.cloneNode(true).firstElementChild;
  form.querySelectorAll(`[${label}]`).forEach((each) => { each.textContent = each.getAttribute(label); });
  const field = form.querySelector("textarea");
  const error = form.querySelector("[role=alert]");
  const close = () => { form.remove(); link.focus(); };
  form.querySelector("[data-cancel]").addEventListener("click", close);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const data = new FormData(form);
    data.set("csrfmiddlewaretoken", token());
    try {
      const body = await post(link.href, data);
      announce(body.sentence);
      show(body.counts);
      form.remove();
      if (kind === "edit") item.querySelector("[data-text]").innerHTML = body.html;
      if (kind === "reply" && body.changed) settle(item, body, true);
      else mark(item);
    } catch (refused) {
      error.textContent = refused.sentence || say.dataset.failed;
      error.hidden = false;
    }
  });
  item.querySelector("[data-act]").after(form);
  field.focus();
  if (kind === "edit") load(link.href, field);
}

async function load(url, field) {
  const answer = await fetch(url, { credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  field.value = page.querySelector("textarea[name=text]").value;
}

async function openThread(details) {
  if (!details.open || details.querySelector("[data-neighbours]")) return;
  const answer = await fetch(details.dataset.thread, { credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const thread = page.querySelector("[data-neighbours]");
  if (answer.ok && thread) details.querySelector("p").replaceWith(document.adoptNode(thread));
}

// Choosing

function boxes() {
  return [...list.querySelectorAll("input[type=checkbox][name=comment]")];
}

function countChosen() {
  const place = document.querySelector("[data-chosen]");
  if (!place) return;
  const count = boxes().filter((box) => box.checked).length;
  place.textContent = count ? `${count} ${say.dataset.chosen}` : "";
}

const bulk = document.querySelector("[data-bulk]");
if (bulk) {
  const page = bulk.querySelector("[data-choose-page]");
  const all = bulk.querySelector("[data-choose-all]");
  page.hidden = false;
  page.querySelector("input").addEventListener("change", (event) => {
    items().forEach((item) => { item.querySelector("[name=comment][type=checkbox]").checked = event.target.checked; });
    countChosen();
  });
  all.addEventListener("change", () => boxes().forEach((box) => { box.disabled = all.checked; }));
  list.addEventListener("change", countChosen);
}

// Clicks

list?.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-act]");
  const action = event.submitter?.value;
  if (!form || !action || event.submitter.hasAttribute("data-plain")) return;
  event.preventDefault();
  decide(form.closest(".moderation-item"), action);
});

list?.addEventListener("click", (event) => {
  const link = event.target.closest("[data-write]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    write(link.closest(".moderation-item"), link);
  }
});

list?.addEventListener("toggle", (event) => {
  if (event.target.matches("[data-thread]")) openThread(event.target);
}, true);

list?.addEventListener("focusin", (event) => {
  const item = event.target.closest(".moderation-item:not(.is-decided)");
  if (item && item !== current()) mark(item, { focus: false });
});

document.addEventListener("click", (event) => {
  document.querySelectorAll(".moderation-more[open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest?.(".moderation-more[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// Keys: never while somebody types, never with a modifier, never where they are switched off.

const typing = "input:not([type=checkbox]), textarea, select, [contenteditable=true]";

const keys = {
  j: () => move(1),
  k: () => move(-1),
  a: (item) => press(item, "approved"),
  s: (item) => press(item, "spam"),
  d: (item) => press(item, "trash"),
  h: (item) => press(item, "hold"),
  t: (item) => press(item, "trust"),
  e: (item) => item?.querySelector("[data-write=edit]").click(),
  r: (item) => item?.querySelector("[data-write=reply]").click(),
  b: (item) => item?.querySelector("[data-block]")?.click(),
  o: (item) => item?.querySelector("h2 a").click(),
  x: (item) => item?.querySelector("[name=comment][type=checkbox]").click(),
  u: () => {
    const step = undone.at(-1);
    if (step) return takeBack(step);
    const form = document.querySelector("[data-outcome] form");
    return form ? form.requestSubmit() : announce(say.dataset.nothing);
  },
};

function press(item, action) {
  const button = item?.querySelector(`[data-act] button[name=action][value=${action}]`);
  if (button && !button.disabled) decide(item, action, { byKey: true });
}

if (list?.hasAttribute("data-keys")) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.matches?.(typing) || event.target.closest?.("dialog, [role=dialog]")) return;
    const act = keys[event.key];
    if (!act || event.repeat && !"jk".includes(event.key)) return;
    event.preventDefault();
    act(current());
  });
}
