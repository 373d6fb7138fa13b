// Search snippets are cut from whole pages; leave buttons and formulas out of them.
document.addEventListener("DOMContentLoaded", () => {
  const results = document.getElementById("search-results");
  if (!results || typeof Search === "undefined") return;
  const original = Search.htmlToText;
  Search.htmlToText = (html, anchor) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    page.querySelectorAll("button, script, style, .dropdown-menu, .eqno, .headerlink, div.math, .toc-item").forEach((e) => e.remove());
    page.querySelectorAll("span.math").forEach((e) => { e.textContent = e.textContent.replace(/\\[()]/g, ""); });
    return original(page.documentElement.outerHTML, anchor);
  };
});
