// Starts the app: the page is painted by the server, and can be typed into before the app runs (docs/ARCHITECTURE.md).

const root = document.documentElement;

// A form that is submitted before the app runs is marked; the app submits it when it has started.
document.addEventListener(
  "submit",
  (event) => {
    if (root.hasAttribute("data-running")) return;
    event.preventDefault();
    event.target.setAttribute("data-early-submit", "");
  },
  true,
);

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-reload]")) location.reload();
});

// Shows why the app can't run; the texts are in the page.
function stop(reason) {
  const block = document.getElementById("stopped");
  block.querySelector(`[data-reason=${reason}]`).hidden = false;
  block.hidden = false;
}

async function start() {
  if (typeof WebAssembly !== "object") {
    stop("unsupported");
    return;
  }
  try {
    const script = document.querySelector("link[rel=modulepreload]").href;
    const module = document.querySelector('link[rel=preload][type="application/wasm"]').href;
    const words = document.getElementById("doorstep-words");
    const text = fetch(words.href).then((answer) => answer.text());
    const app = await import(script);
    words.dataset.words = await text;
    await app.default({ module_or_path: module });
  } catch (error) {
    console.error(error);
    stop(error instanceof WebAssembly.CompileError ? "unsupported" : "unloaded");
  }
}

document.addEventListener("DOMContentLoaded", () => {
  const card = document.getElementById("device");
  if (card) {
    // The caret goes to the end of a code that came by the link. After a reload, the outcome of a decision is shown.
    card.querySelector("input").setSelectionRange(9, 9);
    const outcome = /^(approved|denied)/.exec(history.state);
    if (outcome) card.replaceWith(document.getElementById(outcome[0]).content);
  }
  start();
});
