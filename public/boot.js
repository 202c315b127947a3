const root = document.documentElement;

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
    card.querySelector("input").setSelectionRange(9, 9);
    const outcome = /^(approved|denied)/.exec(history.state);
    if (outcome) card.replaceWith(document.getElementById(outcome[0]).content);
  }
  start();
});
