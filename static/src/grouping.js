// Drag a note, or all that are selected, onto a finding: the same as the form beside it.
(() => {
  "use strict";
  const form = document.querySelector("[data-grouping]");
  if (!form) return;
  const target = (event) => event.target.closest?.("[data-finding]");
  form.querySelectorAll("[data-note]").forEach((note) => { note.draggable = true; });
  form.addEventListener("dragstart", (event) => {
    const note = event.target.closest?.("[data-note]");
    if (!note) return;
    note.querySelector("[name=pick]").checked = true;
    event.dataTransfer.setData("text/plain", note.dataset.note);
    event.dataTransfer.effectAllowed = "link";
  });
  form.addEventListener("dragover", (event) => {
    const finding = target(event);
    if (!finding) return;
    event.preventDefault();
    finding.classList.add("over");
  });
  form.addEventListener("dragleave", (event) => target(event)?.classList.remove("over"));
  form.addEventListener("drop", (event) => {
    const finding = target(event);
    if (!finding) return;
    event.preventDefault();
    form.elements.finding.value = finding.dataset.finding;
    form.requestSubmit();
  });
})();
