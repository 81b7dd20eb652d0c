// What scripts add: focus and words after a swap, keys and dragging for lists, drafts. Every action here is also a
// plain link or form on the page; this file only takes the same roads faster.
(() => {
  "use strict";
  const $ = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const say = (words) => { const live = $("#said"); if (live) live.textContent = words; };

  // What a page asks without being told to: the news, or what a choice would come to.
  const asksAlone = (config) => config && ("X-Polling" in config.headers || config.verb === "get" && config.triggeringEvent?.type !== "click");

  // --- After a swap, focus goes to what wants it: an error summary, the first field, the row that was saved, what is
  // reviewed next.
  const focusIn = (element) => {
    const wanted = element.matches?.("[data-focus]") ? element : $("[data-focus]", element) || $("[data-open]", element);
    wanted?.focus();
  };
  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    const target = detail.elt;
    if (target.id === "problem" && asksAlone(detail.requestConfig)) return;
    if (target.closest("[data-row], .editing, #problem, #review")) focusIn(target.id && document.getElementById(target.id) || target);
  });
  document.addEventListener("DOMContentLoaded", () => $("[data-focus]")?.focus());

  // --- What came to nothing is said in #problem, by the server or, where it could not be asked, by us. Focus goes there
  // with a way back to what was being done, unless nobody did anything: then news are asked for again, and that is all.
  const doneAt = ({ elt }) => (elt.contains(document.activeElement) ? document.activeElement
    : elt.matches("a, button") ? elt : $("button, a, select, input:not([type=hidden]), textarea", elt));
  const wayBack = (at) => $("#problem .summary")?.append(Object.assign(document.createElement("button"), {
    type: "button", className: "link", textContent: "Back to where you were", onclick: () => at?.focus(),
  }));
  const STALE = "No connection. What others do is shown once it is back.";
  const said = (words) => $("#said")?.textContent === words;
  let before = []; // what #said held when the connection went
  const unanswered = (words) => ({ detail: { requestConfig } }) => {
    if ("X-Polling" in requestConfig.headers) {
      if (said(STALE)) return;
      before = [...$("#said").childNodes];
      return say(STALE);
    }
    if (asksAlone(requestConfig)) return say(`${words}.`);
    const at = doneAt(requestConfig), summary = document.createElement("div");
    Object.assign(summary, { className: "summary", role: "alert", tabIndex: -1 });
    summary.append(...["h2", "p"].map((tag) => document.createElement(tag)));
    summary.firstChild.textContent = words;
    summary.lastChild.textContent = "What you typed is still on this page. Try again in a moment.";
    $("#problem").replaceChildren(summary);
    wayBack(at);
    summary.focus();
  };
  document.addEventListener("htmx:sendError", unanswered("No connection"));
  document.addEventListener("htmx:timeout", unanswered("No answer came"));
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const { requestConfig, isError } = detail;
    if (!isError) return;
    detail.shouldSwap &&= !("X-Polling" in requestConfig.headers);
    detail.swapOverride = "innerHTML"; // a move by drag or key asks for no swap, and would be refused in silence
    if (asksAlone(requestConfig)) return;
    const at = doneAt(requestConfig);
    queueMicrotask(() => wayBack(at));
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.successful && said(STALE)) $("#said").replaceChildren(...before);
  });
  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    if (!asksAlone(detail.requestConfig)) $("#problem")?.replaceChildren();
  });

  // --- A moved row: the answer says before which row it now stands; the places on this page are counted anew.
  const renumber = (list) => {
    const rows = all("[data-ranked]", list);
    const places = rows.map((row) => parseInt($("[data-place]", row).textContent, 10)).filter(Number.isInteger);
    const first = Math.min(...places);
    if (Number.isFinite(first)) rows.forEach((row, n) => { $("[data-place]", row).textContent = first + n; });
  };
  document.addEventListener("htmx:oobAfterSwap", (event) => {
    const { moved, before } = event.detail.elt.dataset;
    const row = moved && document.getElementById(moved);
    if (!row) return;
    const held = row.contains(document.activeElement) ? document.activeElement : null;
    const next = before && document.getElementById(before);
    const last = all("[data-ranked]", row.parentElement).at(-1);
    if (next) next.before(row);
    else if (last !== row) last.after(row);
    renumber(row.closest("[data-list]"));
    (held || $("[data-move]", row))?.focus();
  });
  const move = (row, values, refused) => {
    const address = $("[data-move]", row)?.getAttribute("href");
    if (!address) return;
    row.addEventListener("htmx:afterRequest", ({ detail }) => {
      if (detail.xhr.status !== 200) refused?.();
    }, { once: true });
    htmx.ajax("POST", address, { source: row, swap: "none", values }).catch(() => {}); // what failed has been said
  };

  // --- Dragging, where the list is in rank order. A row that could not be moved goes back.
  const dragging = (list) => {
    if (!window.Sortable) return;
    let before = null;
    new Sortable($("tbody", list), {
      draggable: "[data-ranked]", filter: "input, select, button, form", preventOnFilter: false,
      delay: 150, delayOnTouchOnly: true, animation: 0,
      onStart: ({ item }) => { before = item.nextElementSibling; },
      onEnd: ({ item, from, oldIndex, newIndex }) => {
        if (oldIndex === newIndex) return;
        const ranked = (row) => row && "ranked" in row.dataset && row.dataset.row;
        const next = ranked(item.nextElementSibling), last = ranked(item.previousElementSibling), back = before;
        // The last of this page, or of what the filters left, need not be the last of all.
        const to = next ? { to: "before", other: next } : last ? { to: "after", other: last } : { to: "bottom" };
        move(item, to, () => from.insertBefore(item, back));
      },
    });
  };

  // --- Keys for lists (WCAG 2.1.4: they can be switched off on the account page).
  const rowsOf = () => all("[data-row]");
  const current = () => document.activeElement?.closest("[data-row]");
  const step = (by) => {
    const rows = rowsOf();
    const at = rows.indexOf(current());
    const next = rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? 0 : at + by))];
    $("[data-open]", next)?.focus();
  };
  const sizes = { x: "1", s: "2", m: "3", l: "5", g: "8" };
  let scoring = null; // "value" or "size": the next key is a figure
  let early = null; // what was pressed while the form was on its way; it gets that when it is there
  const setField = (name, value) => {
    const field = $(`.editing select[name=${name}]`);
    if (!field) return;
    field.value = value;
    field.dataset.byKey = "";
    field.dispatchEvent(new Event("change", { bubbles: true }));
    field.focus();
  };
  const beginScore = (row, name) => {
    scoring = name;
    const link = row && !$(".editbox") && $("[data-score]", row);
    if (!link) return;
    early = [];
    htmx.process(link); // a row that has just come back has the old one's class and a plain link for an instant
    link.click();
  };
  const pressInForm = (key) => {
    const value = scoring === "value" ? key : sizes[key.toLowerCase()];
    if (scoring && ["1", "2", "3", "5", "8"].includes(value)) { setField(scoring, value); scoring = null; return true; }
    return false;
  };
  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    if (!early || !$(".editbox", detail.elt)) return;
    const pressed = early;
    early = null;
    pressed.forEach((key) => pressInForm(key) || (key === "Enter" ? $("form.editbox").requestSubmit() : keys[key]?.($(".editing"))));
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (!detail.successful && detail.requestConfig.elt.matches("[data-score]")) early = scoring = null;
  });
  const keys = {
    j: () => step(1), k: () => step(-1),
    x: (row) => { const box = row && $("input[name=pick]", row); if (box) box.click(); },
    v: (row) => beginScore(row, "value"), s: (row) => beginScore(row, "size"),
    m: (row) => { const link = row && $("[data-move]", row); if (link) location.assign(link.href); },
    "/": () => $("form.filters input[type=text], form.filters input[name=q], .find input")?.focus(),
    "?": () => location.assign("/help/keyboard/"),
  };
  document.addEventListener("keydown", (event) => {
    if (document.body.dataset.keys === "off" || event.ctrlKey || event.metaKey) return;
    const row = current();
    if (event.altKey && row && ["ArrowUp", "ArrowDown"].includes(event.key)) {
      event.preventDefault();
      return move(row, { to: event.key === "ArrowUp" ? "up" : "down" });
    }
    const typing = event.target.matches("input:not([type=checkbox]), textarea, select") && !event.target.closest(".editing");
    if (event.altKey || typing || !$("[data-list]")) return;
    if (early && /^([12358vsxmlg]|enter)$/i.test(event.key)) { event.preventDefault(); early.push(event.key); return; }
    if ($(".editbox") && pressInForm(event.key)) { event.preventDefault(); return; }
    // Enter saves what a key has set; in a select that was opened it chooses, as everywhere.
    const { target } = event;
    if (event.key === "Enter" && "byKey" in target.dataset) { event.preventDefault(); return target.form.requestSubmit(); }
    delete target.dataset.byKey;
    if (target.closest(".editing") && !["v", "s"].includes(event.key)) return;
    const act = keys[event.key];
    if (act) { event.preventDefault(); act(row || $(".editing")); }
  });

  // --- How many are selected; all of them at once.
  const tally = () => {
    const boxes = all("input[name=pick]");
    const picked = boxes.filter((box) => box.checked).length;
    const every = $("[data-pick-all]");
    if (every) Object.assign(every, { checked: picked > 0 && picked === boxes.length, indeterminate: picked > 0 && picked < boxes.length });
    $("[data-bulk]")?.classList.toggle("bulk--on", picked > 0);
    if ($("[data-picked]")) $("[data-picked]").textContent = `${picked} selected`;
    all("[data-row]").forEach((row) => row.classList.toggle("sel", !!$("input[name=pick]:checked", row)));
  };
  document.addEventListener("change", ({ target }) => {
    if ("pickAll" in target.dataset) all("input[name=pick]").forEach((box) => { box.checked = target.checked; });
    if ("pickAll" in target.dataset || target.name === "pick") tally();
  });

  // --- Drafts: what is typed into [data-draft] outlives a closed page or an ended session, in this tab, for this
  // person. What was sent is forgotten once a page came back that did not refuse it.
  const drafts = () => Object.keys(sessionStorage).filter((key) => key.startsWith("draft:"));
  // Named by where the form is sent: after signing in again people land there, and not where they had begun.
  const draftOf = (field) => `draft:${document.body.dataset.user}:${field.form?.getAttribute("action") || location.pathname}:${field.name}`;
  const readDraft = (key) => JSON.parse(sessionStorage.getItem(key));
  const writeDraft = (key, draft) => sessionStorage.setItem(key, JSON.stringify(draft));
  const fieldsOf = (form) => all("[data-draft]", form);
  const settle = (keys, refused) => keys.forEach((key) => {
    const draft = readDraft(key);
    if (draft?.sent) refused ? writeDraft(key, { words: draft.words }) : sessionStorage.removeItem(key);
  });
  const restore = (within) => all("[data-draft]", within).forEach((field) => {
    const draft = readDraft(draftOf(field));
    if (!draft || draft.sent || field.value !== field.defaultValue || field.value === draft.words || $(".summary")) return;
    field.value = draft.words;
    say("What you typed before and did not send is back in the form.");
  });
  document.addEventListener("input", ({ target }) => {
    if ("draft" in target.dataset) writeDraft(draftOf(target), { words: target.value });
  });
  document.addEventListener("submit", ({ target }) => fieldsOf(target).forEach((field) => {
    if (field.value !== field.defaultValue) writeDraft(draftOf(field), { words: field.value, sent: true });
  }));
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    const { elt } = detail.requestConfig; // by now `detail.elt` is what took its place, where the answer replaced it
    if (elt.matches("form")) settle(fieldsOf(elt).map(draftOf), !detail.successful);
  });
  document.addEventListener("htmx:load", ({ detail }) => restore(detail.elt));
  const begin = () => {
    const mine = `draft:${document.body.dataset.user}:`;
    if (document.body.dataset.user) drafts().filter((key) => !key.startsWith(mine)).forEach((key) => sessionStorage.removeItem(key));
    const came = performance.getEntriesByType("navigation")[0]?.type;
    const answered = document.referrer.startsWith(`${location.origin}/`); // else the connection dropped, or we do not know
    settle(drafts(), !answered || came === "reload" || came === "back_forward" || $(".summary, [data-refused], input[type=password]"));
    restore(document);
  };

  document.addEventListener("DOMContentLoaded", () => { all("[data-sortable]").forEach(dragging); tally(); begin(); });
})();
