// Moving about: dragging pans, the wheel and two fingers zoom, and `fit` shows everything.

const SMALLEST = 0.02;
const LARGEST = 3;
const COMFORTABLE = 1.15; // the scale that fitting does not go beyond
const MARGIN = 28;
const CLICK = 4; // pixels that a pointer may move and still click

/** The part of a drawing that is seen, saved in the transform of `world`, a group of `canvas`, which `panel` may cover. */
export class Viewport {
  constructor(canvas, world, panel) {
    this.canvas = canvas;
    this.world = world;
    this.panel = panel;
    this.x = this.y = 0;
    this.scale = 1;
    this.pointers = new Map();
    this.wasDragged = false;
    canvas.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    canvas.addEventListener("pointerdown", (event) => this.down(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, (event) => this.up(event));
  }

  /** The width and height of the canvas that the panel leaves free: it covers the right or, on a phone, the bottom. */
  free() {
    const { width, height, top } = this.canvas.getBoundingClientRect();
    const panel = this.panel.getBoundingClientRect();
    if (!panel.width) return { width, height };
    return panel.width > width / 2 ? { width, height: panel.top - top } : { width: width - panel.width, height };
  }

  /** The scale at which something of this width and height is seen whole. */
  scaleToFit({ width, height }) {
    const free = this.free();
    return Math.max(SMALLEST, Math.min((free.width - 2 * MARGIN) / width, (free.height - 2 * MARGIN) / height));
  }

  /** Shows all of something of this width and height, in the middle. */
  fit({ width, height }) {
    const free = this.free();
    this.scale = Math.min(this.scaleToFit({ width, height }), COMFORTABLE);
    this.x = (free.width - width * this.scale) / 2;
    this.y = (free.height - height * this.scale) / 2;
    this.apply();
  }

  /** Brings a rectangle of the drawing to the middle, unless it is seen already; zooms out if it is too large. */
  reveal({ x, y, width, height }) {
    const free = this.free();
    this.zoom(Math.min(1, this.scaleToFit({ width, height }) / this.scale));
    const [left, top] = [this.x + x * this.scale, this.y + y * this.scale];
    const [right, bottom] = [left + width * this.scale, top + height * this.scale];
    if (left >= 0 && top >= 0 && right <= free.width && bottom <= free.height) return;
    this.x += (free.width - left - right) / 2;
    this.y += (free.height - top - bottom) / 2;
    this.apply();
  }

  /** Zooms so that the point of the drawing under (x, y) of the canvas stays there; by default its middle. */
  zoom(factor, x = this.canvas.clientWidth / 2, y = this.canvas.clientHeight / 2) {
    const scale = Math.min(LARGEST, Math.max(SMALLEST, this.scale * factor));
    this.x = x - ((x - this.x) * scale) / this.scale;
    this.y = y - ((y - this.y) * scale) / this.scale;
    this.scale = scale;
    this.apply();
  }

  apply() {
    this.world.setAttribute("transform", `translate(${this.x} ${this.y}) scale(${this.scale})`);
    this.canvas.classList.toggle("far", this.scale < 0.35);
  }

  wheel(event) {
    event.preventDefault();
    const { left, top } = this.canvas.getBoundingClientRect();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    this.zoom(Math.exp(-event.deltaY * lines * 0.0015), event.clientX - left, event.clientY - top);
  }

  down(event) {
    this.pointers.set(event.pointerId, event);
    if (this.pointers.size === 1) this.wasDragged = false;
    this.start = event;
  }

  move(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    const distance = Math.hypot(event.clientX - this.start.clientX, event.clientY - this.start.clientY);
    if (!this.wasDragged && this.pointers.size === 1 && distance < CLICK) return;
    if (!this.wasDragged) this.canvas.setPointerCapture(event.pointerId);
    this.wasDragged = true;
    if (this.pointers.size === 1) {
      this.x += event.clientX - before.clientX;
      this.y += event.clientY - before.clientY;
    } else if (this.pointers.size === 2) {
      this.pinch(event, before);
    }
    this.pointers.set(event.pointerId, event);
    this.apply();
  }

  pinch(event, before) {
    const other = [...this.pointers.values()].find((pointer) => pointer.pointerId !== event.pointerId);
    const distance = (pointer) => Math.hypot(pointer.clientX - other.clientX, pointer.clientY - other.clientY) || 1;
    const { left, top } = this.canvas.getBoundingClientRect();
    const [x, y] = [(event.clientX + other.clientX) / 2 - left, (event.clientY + other.clientY) / 2 - top];
    this.x += (event.clientX - before.clientX) / 2;
    this.y += (event.clientY - before.clientY) / 2;
    this.zoom(distance(event) / distance(before), x, y);
  }

  up(event) {
    this.pointers.delete(event.pointerId);
  }
}
