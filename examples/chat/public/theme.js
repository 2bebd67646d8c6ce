/**
 * Light or dark: what the system says, until somebody uses the toggle. Loaded
 * before the page is painted, so it never flashes in the other colours.
 */
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  /** @type {string | undefined} */
  let chosen;
  try {
    chosen = localStorage.getItem("omnio-chat:theme") ?? undefined;
  } catch {
    // Without storage the choice lasts as long as the page.
  }

  function show() {
    const theme = chosen ?? (system.matches ? "dark" : "light");
    root.dataset.theme = theme;
    const label = document.getElementById("theme-label");
    if (label)
      label.textContent = theme === "dark" ? "Light colours" : "Dark colours";
  }

  show();
  system.addEventListener("change", show);
  addEventListener("DOMContentLoaded", () => {
    show();
    document.getElementById("theme-toggle")?.addEventListener("click", () => {
      chosen = root.dataset.theme === "dark" ? "light" : "dark";
      try {
        localStorage.setItem("omnio-chat:theme", chosen);
      } catch {
        // See above.
      }
      show();
    });
  });
})();
