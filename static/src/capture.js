// Notes at the speed of talk. Enter puts the line in a queue and frees the field; the queue is sent in order, and again
// until the server has it. Each sending carries a key, so that the server writes it once. Words are kept in this page
// and on the server, never in the browser's storage.
(() => {
  "use strict";
  const form = document.querySelector("[data-capture]");
  if (!form) return;
  const field = form.querySelector("[data-lines]");
  const waiting = form.querySelector("[data-waiting]");
  const problem = form.querySelector("#capture-problem");
  const kept = form.querySelector("[data-kept]");
  const queue = [];
  let sending = false;
  let retry = null;

  const lines = () => `${queue.length} ${queue.length === 1 ? "line" : "lines"}`;
  const say = (words) => { if (waiting.textContent !== words) waiting.textContent = words; };
  const fresh = () => (crypto.randomUUID ? crypto.randomUUID() : "10000000-1000-4000-8000-100000000000".replace(/[018]/g,
    (c) => (+c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (+c / 4)))).toString(16)));
  const giveBack = (item) => {
    field.value = field.value ? `${item.lines}\n${field.value}` : item.lines;
    field.focus();
  };

  // What has to wait is shown, so that nobody wonders what was written down.
  const showKept = () => kept.replaceChildren(...queue.map((item) => {
    const line = document.createElement("li");
    line.textContent = item.lines;
    return line;
  }));
  const later = (words) => {
    say(words);
    showKept();
    clearTimeout(retry);
    retry = setTimeout(send, 3000);
  };
  // An answer holds what came after the notes that this page showed when it asked. Where another answer was quicker, it
  // fits no more, and what is missing now is asked for.
  const seen = () => document.getElementById("notes-seen")?.value || "";
  const show = (html, style, asked) => {
    if (asked !== seen()) return htmx.trigger("#observations", "behind");
    htmx.swap("#observations", html, { swapStyle: style || "outerHTML" });
    if (getComputedStyle(form).position === "sticky") document.querySelector(".note:last-child")?.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.elt.id === "observations" && detail.requestConfig.parameters.seen !== seen()) detail.shouldSwap = false;
  });
  const signedOut = () => later(`You are signed out. ${lines()} not saved yet: sign in in another tab and it is sent by itself.`);
  const somebodyElse = () => later(`Somebody else has signed in. ${lines()} not saved yet: sign in as yourself in another tab and it is sent by itself.`);
  // Whoever signed in again in another tab has a new token; a fresh copy of this page carries it, and says whose it is.
  const refused = async (item) => {
    const answer = await fetch(location.href);
    const { body } = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!body.dataset.user) return signedOut();
    if (body.dataset.user !== document.body.dataset.user) return somebodyElse();
    const token = body.querySelector("[data-capture] [name=csrfmiddlewaretoken]");
    item.refused = true;
    if (token) form.elements.csrfmiddlewaretoken.value = token.value;
    return send();
  };
  // It is written down, whatever becomes of this page.
  const saved = (html, style, asked) => {
    let words = queue.length ? `${lines()} being saved` : "";
    try { show(html, style, asked); } catch { words ||= "Saved, but not shown below. Load the page again to see all notes."; }
    say(words);
    return send();
  };
  const noConnection = () => later(`No connection. ${lines()} kept here and sent again by itself. Leave this page open.`);
  const what = (item) => {
    const body = new FormData(form);
    body.set("lines", item.lines);
    body.set("kind", item.kind);
    body.set("key", item.key);
    body.set("seen", item.seen = seen());
    if (item.checked) body.set("checked", "on"); else body.delete("checked");
    return body;
  };
  const answered = (answer, html, item) => {
    if (answer.headers.has("HX-Redirect")) return signedOut();
    if (answer.status >= 500 || answer.status === 429) return later(`The server did not take it yet. ${lines()} kept here and sent again.`);
    if (answer.status === 403 && !item.refused) return refused(item).catch(noConnection);
    queue.shift();
    if (kept.firstChild) showKept();
    if (answer.ok) return saved(html, answer.headers.get("HX-Reswap"), item.seen);
    problem.replaceChildren(document.createRange().createContextualFragment(html));
    giveBack(item);
    problem.querySelector("[data-focus]")?.focus();
    say("");
    return send();
  };
  async function send() {
    clearTimeout(retry);
    if (sending || !queue.length) return;
    sending = true;
    const item = queue[0];
    let answer, html;
    try {
      answer = await fetch(form.action, {
        method: "POST", body: what(item), headers: { "HX-Request": "true", "HX-Current-URL": location.href },
        signal: AbortSignal.timeout(15000),
      });
      html = await answer.text();
    } catch {
      return noConnection();
    } finally {
      sending = false;
    }
    return answered(answer, html, item);
  }
  const take = () => {
    const checked = form.querySelector("[name=checked]")?.checked || false;
    if (!field.value.trim()) return;
    queue.push({ lines: field.value, kind: form.elements.kind.value, key: fresh(), checked });
    field.value = "";
    problem.replaceChildren();
    say(`${lines()} being saved`);
    field.focus();
    send();
  };

  form.addEventListener("submit", (event) => { event.preventDefault(); take(); });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    take();
  });
  window.addEventListener("online", send);
  window.addEventListener("beforeunload", (event) => { if (queue.length || field.value.trim()) event.preventDefault(); });
})();
