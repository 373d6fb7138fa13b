// What the live models are made of on the page: text, controls, and tables of numbers with a shade for each.
(() => {
  const escape = text => String(text).replace(/[&<>"']/g, sign => `&#${sign.charCodeAt(0)};`);
  const attributes = values =>
    Object.entries(values).filter(([, value]) => value !== undefined && value !== false)
      .map(([name, value]) => ` ${name}="${escape(value === true ? "" : value)}"`).join("");

  // A number from -1 to 1 with its shade; what is below 0 has a shade of another hue.
  const shade = (value, percent) => {
    const [scale, digits] = percent ? [100, 0] : [1, 2];
    const shown = (scale * value).toFixed(digits).replace("-", Math.abs(scale * value) < 0.5 * 10 ** -digits ? "" : "−");
    const share = Math.min(1, Math.abs(value)).toFixed(3);
    return `<td${value < 0 ? ' class="minus"' : ""} style="--share: ${share}">${shown}</td>`;
  };
  // Rows of numbers, [name, numbers]. What stands in a heading may be HTML.
  const table = ({ caption, corner = "", columns, rows, percent, chosen }) => `
    <p class="live-caption">${escape(caption)}</p>
    <div class="live-scroll" tabindex="0" role="group" aria-label="${escape(caption)}"><table aria-label="${escape(caption)}">
    <thead><tr>${corner ? `<th scope="col">${corner}</th>` : "<td></td>"}${columns.map(column => `<th scope="col">${column}</th>`).join("")}</tr></thead>
    <tbody>${rows.map(([name, numbers], k) => `<tr${k === chosen ? ' class="chosen"' : ""}><th scope="row">${name}</th>${
      numbers.map(v => shade(v, percent)).join("")}</tr>`).join("")}</tbody></table></div>`;
  // Numbers from -1 to 1 as shades alone, [name, numbers]: a row for each state.
  const strip = (caption, rows) => {
    const [height, left, width] = [18, 96, 10 * rows[0][1].length];
    const cell = (v, k, t) => `<rect x="${left + 10 * k}" y="${height * t}" width="9" height="${height - 1}"${
      v < 0 ? ' class="minus"' : ""} fill-opacity="${Math.min(1, Math.abs(v)).toFixed(2)}"/>`;
    const lines = rows.map(([name, state], t) => `<text x="${left - 6}" y="${height * t + 13}">${escape(name)}</text>${
      state.map((v, k) => cell(v, k, t)).join("")}`);
    return `<p class="live-caption">${escape(caption)}</p><svg class="live-strip" viewBox="0 0 ${left + width} ${
      height * rows.length}" role="img" aria-label="${escape(caption)}" style="max-width: ${left + width}px">${lines.join("")}</svg>`;
  };

  // The form of a widget, from a list of what can be set.
  const control = (id, { kind, name, label, value, ...more }) => {
    if (kind === "button") {
      const does = Object.entries(more).map(([what, fields]) => [`data-${what}`, JSON.stringify(fields)]);
      return `<button type="button"${attributes(Object.fromEntries(does))}>${escape(label)}</button>`;
    }
    if (kind === "hidden") return `<input type="hidden" name="${name}" value="${escape(value)}">`;
    const shown = kind === "range" ? ` <span data-shows="${name}">${escape(value)}</span>` : "";
    const input = { type: kind, id: `live-${id}-${name}`, name, value, ...more };
    if (kind === "text") Object.assign(input, { autocomplete: "off", autocapitalize: "off", spellcheck: "false" });
    return `<div class="live-${kind}"><label for="live-${id}-${name}">${escape(label)}${shown}</label><input${attributes(input)}></div>`;
  };
  const form = (id, controls) => `<form class="live-controls">${controls.map(one => control(id, one)).join("")}</form>`;
  const first = controls => Object.fromEntries(controls.filter(one => one.name).map(one => [one.name, String(one.value)]));

  // A whole box as it stands in the page before anybody touches it.
  const still = (id, model) => {
    const { controls, draw } = live.widgets[id];
    const { said, picture } = draw(model, first(controls));
    return `${form(id, controls)}<p class="live-said" role="status">${escape(said)}</p><div class="live-picture">${picture}</div>`;
  };
  Object.assign(live, { escape, shade, table, strip, form, first, still });
})();
