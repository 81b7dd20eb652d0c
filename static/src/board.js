// The board: dragging, keys and a menu all post what the page of a card posts; what others do is woven in, card by
// card, so that nobody's focus, drag or menu is taken away.
(() => {
  "use strict";
  const $ = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const board = $("#board"), seen = $("#board-seen"), menu = $("#move-menu");
  if (!board) return;
  const cardsOf = (list) => all("[data-card]", list);
  const columnOf = (card) => card.closest("[data-column]").dataset.column;
  let dragged = null, waiting = null;

  // --- Sending a move. A refused one goes back to where it came from.
  const send = (card, values, refused) => {
    const address = $("[data-move]", card)?.getAttribute("href");
    if (!address) return;
    const at = document.activeElement, held = card.contains(at) && ("open" in at.dataset ? "[data-open]" : "[data-move]");
    htmx.ajax("POST", address, { source: card, swap: "none", values: { board: seen.value, ...values } }).catch(() => {}).then(() => {
      const failed = refused && card.dataset.failed;
      delete card.dataset.failed;
      if (failed) refused();
      if (held && !$("#problem .summary")) $(held, document.getElementById(card.id))?.focus();
    });
  };
  document.addEventListener("htmx:responseError", ({ detail }) => {
    if (detail.elt.matches?.("[data-card]")) detail.elt.dataset.failed = "yes";
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.elt.matches?.("[data-card]")) {
      if (detail.xhr.status !== 200) detail.elt.dataset.failed = "yes";
      else settle(detail.xhr.responseText);
    }
    if (detail.elt.id === "board-news" && detail.xhr.status === 200) weave(detail.xhr.responseText);
  });
  const place = (card, to, above) => above
    ? { to, seen: columnOf(card), where: "before", other: above.dataset.card }
    : { to, seen: columnOf(card), where: "bottom" };

  // --- The answer to a move of ours: one card, its place, and what this screen has now seen.
  const settle = (text) => {
    const answer = $("[data-moved-to]", new DOMParser().parseFromString(text, "text/html"));
    if (!answer) return;
    const fresh = document.adoptNode($("[data-card]", answer)), old = document.getElementById(fresh.id);
    const list = $(`#column-${answer.dataset.movedTo} .cards`);
    swap(old, fresh);
    list.insertBefore(document.getElementById(fresh.id), document.getElementById(answer.dataset.above) || null);
    seen.value = answer.dataset.news;
  };

  // --- What others did: new columns, card by card. A card that stayed the same stays the same element.
  const swap = (old, fresh) => {
    if (!old || old.dataset.stamp === fresh.dataset.stamp) return old || fresh;
    old.innerHTML = fresh.innerHTML;
    old.dataset.stamp = fresh.dataset.stamp;
    return old;
  };
  const weave = (text) => {
    if (dragged) { waiting = text; return; }
    const answer = $("[data-news]", new DOMParser().parseFromString(text, "text/html"));
    if (!answer) return;
    const columns = all("[data-column]", answer), wanted = new Set(columns.flatMap((column) => cardsOf(column).map((card) => card.id)));
    const focus = document.activeElement, held = focus.closest("[data-card]"), part = "move" in focus.dataset ? "[data-move]" : "[data-open]";
    const lists = columns.map((column) => $(`#${column.id} .cards`));
    columns.forEach((column, n) => {
      let at = lists[n].firstElementChild;
      cardsOf(column).forEach((fresh) => {
        const card = swap(document.getElementById(fresh.id), fresh);
        if (card === at) { at = at.nextElementSibling; return; }
        lists[n].insertBefore(card, at);
      });
      $(`#sum-${column.dataset.column}`).textContent = $(`#sum-${column.dataset.column}`, column).textContent;
    });
    const gone = lists.flatMap(cardsOf).filter((card) => !wanted.has(card.id));
    gone.forEach((card) => card.remove());
    // A card that was moved or written anew has let go of the focus; one that is gone leaves it to the board.
    if (held && !held.contains(document.activeElement)) (held.isConnected ? $(part, held) : $("h2", board))?.focus({ preventScroll: true });
    const head = $("#head", answer), now = $("#head");
    if (head && !now.contains(document.activeElement)) {
      $("details", head)?.toggleAttribute("open", $("details", now)?.open || false);
      now.replaceWith(document.adoptNode(head));
    }
    seen.value = answer.dataset.news;
  };

  if (!("mayMove" in board.dataset)) return;

  // --- Dragging
  all(".cards", board).forEach((list) => window.Sortable && new Sortable(list, {
    group: "board", draggable: "[data-card]", delay: 150, delayOnTouchOnly: true, animation: 0,
    onStart: ({ item }) => { dragged = { item, from: columnOf(item), next: item.nextElementSibling }; },
    onEnd: ({ item, from, oldIndex, to, newIndex }) => {
      const { next, from: column } = dragged;
      dragged = null;
      if (from !== to || oldIndex !== newIndex) {
        const values = place(item, to.closest("[data-column]").dataset.column, item.nextElementSibling);
        send(item, { ...values, seen: column }, () => from.insertBefore(item, next));
      }
      if (waiting) weave(waiting);
      waiting = null;
    },
  }));

  // --- Keys: Alt with an arrow; m opens the menu (single keys can be switched off, WCAG 2.1.4)
  const columns = all("[data-column]", board).map((one) => one.dataset.column);
  const step = (card, where) => {
    const others = cardsOf(card.parentElement), at = others.indexOf(card), to = columnOf(card);
    if (where === "up" && at > 0) send(card, place(card, to, others[at - 1]));
    if (where === "down" && at < others.length - 1) send(card, place(card, to, others[at + 2]));
    if (where === "top" && at > 0) send(card, place(card, to, others[0]));
    if (where === "bottom" && at < others.length - 1) send(card, place(card, to, null));
  };
  const arrows = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: -1, ArrowRight: 1 };
  document.addEventListener("keydown", (event) => {
    const card = event.target.closest?.("[data-card]");
    if (!card || document.body.dataset.keys === "off" && !event.altKey) return;
    if (event.key === "m" && !event.altKey && !event.ctrlKey && !event.metaKey) { event.preventDefault(); return open(card); }
    const where = event.altKey && arrows[event.key];
    if (!where) return;
    event.preventDefault();
    const to = typeof where === "number" && columns[columns.indexOf(columnOf(card)) + where];
    if (to) send(card, place(card, to, null));
    else if (typeof where === "string") step(card, where);
  });

  // --- The menu: one for all cards. Without scripts its link leads to the same as a page.
  let chosen = null;
  const open = (card) => {
    chosen = card;
    $("[data-move-name]", menu).textContent = card.dataset.card;
    $("[data-move-page]", menu).href = $("[data-move]", card).href;
    all("[data-to]", menu).forEach((button) => { button.disabled = button.dataset.to === columnOf(card); });
    menu.showModal();
  };
  board.addEventListener("click", (event) => {
    const link = event.target.closest("[data-move]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    open(link.closest("[data-card]"));
  });
  menu.addEventListener("click", ({ target }) => {
    const { to, where } = target.dataset;
    if (!to && !where) return;
    menu.close();
    $("[data-move]", chosen)?.focus();
    if (to) send(chosen, place(chosen, to, null));
    else step(chosen, where);
  });
  menu.addEventListener("close", () => { $("[data-move]", chosen)?.focus(); });
})();
