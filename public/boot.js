// Starts the app, and stands in for it until it runs. It is loaded before the page is painted, so that no submit comes
// before it.
//
// The form on the page can be typed into before the app is there. A submit that comes too early is remembered on the
// form, and the app carries it out. When the app can't start, a block of the page says why. The names of the app's
// files are in the links that the build wrote into the head; the attributes are those of the contract
// (crates/contract/src/shell.rs).

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
    // Taken at once: the app finds them on their link, however long it takes to come.
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

document.addEventListener("DOMContentLoaded", start);
