// Making elements. Text is only ever set as text, so that no name in a graph can become markup.

const SVG = "http://www.w3.org/2000/svg";

/** An SVG element with attributes and children: elements, or strings for text. */
export function svg(name, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, name), attributes, children);
}

/** An HTML element with attributes and children. */
export function html(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const ruler = document.createElement("canvas").getContext("2d");

/** How wide `text` is in a CSS `font`, in pixels. */
export function textWidth(text, font) {
  ruler.font = font;
  return ruler.measureText(text).width;
}
