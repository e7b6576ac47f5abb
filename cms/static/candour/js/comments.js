/* Comments without a reload: drafts, remembered fields, sending, replies in place. The form works without this. */
const form = document.querySelector("[data-comment-form]");
const REPLY = 'a[href^="?replytocom="]';

function cookie(name) {
  const found = document.cookie.split("; ").find((part) => part.startsWith(`${name}=`));
  try {
    return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
  } catch {
    return "";
  }
}

function fillRemembered() {
  for (const [name, field] of [["comment_author", "author"], ["comment_author_email", "email"], ["comment_author_url", "url"]]) {
    const input = form.elements[field];
    if (input && !input.value) input.value = cookie(name);
  }
  const box = form.elements["wp-comment-cookies-consent"];
  if (box && cookie("comment_author")) box.checked = true;
}

/* Drafts stay in this browser. Without storage there are none. */
const draft = {
  key: `candour-draft-${form?.dataset.target}`,
  use(act) {
    try {
      return act(localStorage);
    } catch {
      return null;
    }
  },
  read: () => draft.use((storage) => storage.getItem(draft.key)) || "",
  keep: (text) => draft.use((storage) => (text ? storage.setItem(draft.key, text) : storage.removeItem(draft.key))),
};

async function fetchToken() {
  if (form.elements.form_token.value) return;
  const answer = await fetch(`/wp-json/candour/v1/comments/form-token?post=${form.dataset.target}`);
  if (answer.ok) form.elements.form_token.value = (await answer.json()).token;
}

function say(text, kind) {
  const status = form.querySelector("[data-comment-status]");
  status.textContent = text;
  status.classList.remove("notice-error", "notice-success");
  status.classList.add("notice");
  if (kind) status.classList.add(`notice-${kind}`);
  status.scrollIntoView({ block: "nearest" });
}

/* The sum that the site may ask of browsers; its script is fetched only where it does. */
let proof = null;

function prepareProof() {
  const { proof: address, proofWorker, target } = form.dataset;
  if (address && !proof) proof = import(address).then(({ Proof }) => new Proof(target, proofWorker));
  return proof;
}

async function addProof(body) {
  if (!prepareProof()) return;
  say(form.dataset.sum);
  // A comment without it is held and not lost: it is sent all the same.
  const answer = await proof.then((each) => each.take()).catch(() => "");
  if (answer) body.set("altcha", answer);
}

async function send() {
  const body = new FormData(form);
  await addProof(body);
  const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
  const told = await answer.json();
  if (!answer.ok) {
    // What needs agreement first comes with boxes to tick: the page that shows them is the way on.
    if (told.code === "policy_acceptance_required") return form.submit();
    if (told.code === "comment_parent_unknown") endReply();
    return say(told.message || form.dataset.failed, "error");
  }
  form.elements.comment.value = "";
  draft.keep("");
  if (answer.status === 201) {
    if (!document.querySelector("[data-thread]")) return location.assign(told.url);
    endReply();
    document.dispatchEvent(new CustomEvent("candour:commented", { detail: told }));
  }
  return say(told.message, "success");
}

const home = form?.parentElement;

function reply(link) {
  const article = link.closest("article");
  form.elements.comment_parent.value = article.id.replace("comment-", "");
  const name = article.querySelector("b").textContent;
  form.querySelector("h3").textContent = form.dataset.reply.replace("%(name)s", name);
  form.querySelector("[data-cancel]").hidden = false;
  article.append(form);
  form.elements.comment.focus();
}

function endReply() {
  form.elements.comment_parent.value = "0";
  form.querySelector("h3").textContent = form.dataset.write;
  form.querySelector("[data-cancel]").hidden = true;
  home.append(form);
}

function cancelReply(event) {
  const link = document.getElementById(`comment-${form.elements.comment_parent.value}`)?.querySelector(REPLY);
  event.preventDefault();
  endReply();
  link?.focus();
}

function listen() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest(REPLY);
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    reply(link);
  });
  form.querySelector("[data-cancel]").addEventListener("click", cancelReply);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && form.elements.comment_parent.value !== "0") cancelReply(event);
  });
  form.elements.comment.addEventListener("input", () => draft.keep(form.elements.comment.value));
  form.addEventListener("focusin", () => {
    fetchToken().catch(() => {});
    prepareProof()?.then((each) => each.begin()).catch(() => {});
  }, { once: true });
  let isSending = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (isSending) return;
    isSending = true;
    send().catch(() => say(form.dataset.failed, "error")).finally(() => {
      isSending = false;
    });
  });
}

if (form) {
  fillRemembered();
  form.elements.comment.value ||= draft.read();
  listen();
}
