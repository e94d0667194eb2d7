"use strict";
// Opens the evidence of a claim beside the article, filters by verdict, and moves by key. The page is whole
// without it: everything it shows is already in the document.
(() => {
  const layout = document.querySelector(".layout");
  const evidence = document.getElementById("evidence");
  if (!evidence) return;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const dossiers = new Map(all(".dossier").map((node) => [Number(node.id.slice(6)), node]));
  const stretches = all(".claim").map((node) => ({ node, claims: node.dataset.claims.split(" ").map(Number) }));
  const badges = all(".badge");
  const rows = all(".index li");
  const filters = all(".filter");
  const verdictOf = (number) => dossiers.get(number).dataset.verdict;
  const badgeOf = (number) => badges.find((badge) => Number(badge.dataset.claim) === number);
  const chosen = new Set();
  const shown = (number) => chosen.size === 0 || chosen.has(verdictOf(number));
  let current = 0;
  let returnTo = null;

  const isOpen = () => layout.classList.contains("open-evidence");

  function draw() {
    for (const { node, claims } of stretches) {
      const first = claims.includes(current) && shown(current) ? current : claims.find(shown);
      node.classList.toggle("dimmed", first === undefined);
      node.classList.toggle("current", claims.includes(current));
      node.dataset.verdict = verdictOf(first === undefined ? claims[0] : first);
    }
    for (const badge of badges) {
      const number = Number(badge.dataset.claim);
      badge.classList.toggle("dimmed", !shown(number));
      badge.classList.toggle("current", number === current);
    }
    for (const row of rows) row.classList.toggle("dimmed", !shown(Number(row.dataset.claim)));
    for (const button of filters) button.setAttribute("aria-pressed", String(chosen.has(button.dataset.filter)));
  }

  function open(number, { from = null, focus = true } = {}) {
    if (!dossiers.has(number)) return;
    current = number;
    if (from) returnTo = from;
    for (const [other, node] of dossiers) node.classList.toggle("open", other === number);
    layout.classList.add("open-evidence");
    const visible = [...dossiers.keys()].filter(shown);
    const position = visible.indexOf(number);
    document.getElementById("position").textContent =
      position < 0 ? `Claim ${number}` : `Claim ${position + 1} of ${visible.length}`;
    evidence.scrollTop = 0;
    history.replaceState(null, "", `#claim-${number}`);
    draw();
    if (focus) document.getElementById(`claim-${number}-text`).focus({ preventScroll: true });
    reveal(badgeOf(number));
  }

  function close() {
    if (!isOpen()) return;
    layout.classList.remove("open-evidence");
    const target = returnTo && returnTo.isConnected && returnTo.offsetParent ? returnTo : badgeOf(current);
    returnTo = null;
    current = 0;
    history.replaceState(null, "", location.pathname + location.search);
    draw();
    if (target) target.focus({ preventScroll: true });
  }

  // Keeps the claim in view: on a phone above the sheet that shows its evidence.
  function reveal(badge) {
    if (!badge) return;
    const box = badge.getBoundingClientRect();
    const sheet = evidence.getBoundingClientRect();
    const covered = getComputedStyle(evidence).position === "fixed" && isOpen() ? window.innerHeight - sheet.top : 0;
    const bottom = window.innerHeight - covered;
    if (box.top < 40 || box.bottom > bottom - 24) window.scrollBy({ top: box.top - bottom * 0.45 });
  }

  function step(by) {
    const visible = [...dossiers.keys()].filter(shown);
    if (!visible.length) return;
    const focused = document.activeElement && document.activeElement.dataset.claim;
    const here = visible.indexOf(current || Number(focused || 0));
    const next = here < 0 ? (by > 0 ? 0 : visible.length - 1) : Math.min(Math.max(here + by, 0), visible.length - 1);
    const number = visible[next];
    const badge = badgeOf(number);
    if (isOpen()) open(number, { focus: !badge });
    if (badge) {
      badge.focus({ preventScroll: true });
      reveal(badge);
    }
  }

  function filter(name) {
    if (!chosen.delete(name)) chosen.add(name);
    if (chosen.size === filters.length) chosen.clear();
    if (isOpen() && !shown(current)) close();
    draw();
    const count = [...dossiers.keys()].filter(shown).length;
    document.getElementById("status").textContent = `Showing ${count} of ${dossiers.size} claims`;
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-claim]");
    if (link) {
      event.preventDefault();
      open(Number(link.dataset.claim), { from: link.classList.contains("cross") ? null : link });
      return;
    }
    const stretch = stretches.find(({ node }) => node === event.target.closest(".claim"));
    if (stretch && window.getSelection().isCollapsed) {
      const claims = stretch.claims.filter(shown);
      // Words of several claims open one after the other.
      if (claims.length) open(claims[(claims.indexOf(current) + 1) % claims.length]);
    }
  });
  for (const button of filters) {
    button.disabled = false;
    button.addEventListener("click", () => filter(button.dataset.filter));
  }
  for (const button of all("[data-step]")) button.addEventListener("click", () => {
    step(Number(button.dataset.step));
    button.focus({ preventScroll: true });
  });
  document.getElementById("close").addEventListener("click", close);

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    const onClaim = event.target.matches("a[data-claim]");
    if (event.key === "j" || event.key === "ArrowRight" || (onClaim && event.key === "ArrowDown")) step(1);
    else if (event.key === "k" || event.key === "ArrowLeft" || (onClaim && event.key === "ArrowUp")) step(-1);
    else if (event.key === "Escape") close();
    else if (/^[1-4]$/.test(event.key) && filters[event.key - 1]) filter(filters[event.key - 1].dataset.filter);
    else return;
    event.preventDefault();
  });

  // Paper has no clicks: everything that is folded is printed unfolded.
  let folded = [];
  window.addEventListener("beforeprint", () => {
    folded = all("details:not([open])");
    for (const node of folded) node.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const node of folded) node.open = false;
  });

  const linked = /^#claim-(\d+)$/.exec(location.hash);
  if (linked) open(Number(linked[1]));
})();
