// Finding boxes by name, operation or module.

import { html } from "./dom.js";

const MOST_SHOWN = 60;

/** A field and the list of what it finds; `onPick(box)` is told of the choice, `onMatch(boxes)` of all that match. */
export class Search {
  constructor(field, list, graph, { onPick, onMatch }) {
    Object.assign(this, { field, list, onPick, onMatch, matches: [], current: -1 });
    this.entries = graph.boxes.map((box) => ({ box, text: textOf(graph, box) }));
    field.addEventListener("input", () => this.find());
    field.addEventListener("focus", () => this.show(field.value !== ""));
    field.addEventListener("blur", () => this.show(false));
    field.addEventListener("keydown", (event) => this.key(event));
  }

  find() {
    const words = this.field.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = words.length ? this.entries.filter(({ text }) => words.every((word) => text.includes(word))) : [];
    this.matches = found.map(({ box }) => box);
    this.current = -1;
    this.onMatch(this.matches);
    this.list.replaceChildren(...this.matches.slice(0, MOST_SHOWN).map((box, i) => this.option(box, i)));
    const count = html("li", { class: "count", role: "presentation" }, countText(this.matches.length));
    if (words.length) this.list.append(count);
    this.show(words.length > 0);
  }

  /** Shows or hides the list; a click elsewhere hides it. */
  show(isShown) {
    this.list.hidden = !isShown;
    this.field.setAttribute("aria-expanded", String(isShown));
  }

  option(box, i) {
    const option = html(
      "li",
      { id: `match-${i}`, role: "option", "aria-selected": "false" },
      html("span", { class: `dot ${box.role}` }),
      html("span", { class: "name" }, box.title),
      html("span", { class: "where" }, box.where),
    );
    option.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      this.choose(i);
    });
    return option;
  }

  key(event) {
    const count = Math.min(this.matches.length, MOST_SHOWN);
    if (event.key === "Escape") {
      this.field.value = "";
      this.find();
    } else if (count && (event.key === "ArrowDown" || event.key === "Enter")) {
      event.preventDefault();
      this.choose((this.current + 1) % count);
    } else if (count && event.key === "ArrowUp") {
      event.preventDefault();
      this.choose((this.current - 1 + count) % count);
    }
  }

  choose(i) {
    this.list.children[this.current]?.setAttribute("aria-selected", "false");
    this.current = i;
    this.list.children[i].setAttribute("aria-selected", "true");
    this.list.children[i].scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", `match-${i}`);
    this.show(false);
    this.onPick(this.matches[i]);
  }
}

function textOf(graph, box) {
  box.where = graph.around(box).map((cluster) => cluster.title).reverse().at(-1) ?? "";
  const modules = graph.around(box).map((cluster) => `${cluster.path} ${cluster.title}`);
  return [box.title, box.name, box.role, box.shape, ...modules].join(" ").toLowerCase();
}

const countText = (count) => (count === 1 ? "1 match" : `${count} matches`);
