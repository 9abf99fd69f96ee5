// Going through the steps: the slider, the buttons and the keys.

const SHORTEST = 60; // milliseconds for a step
const LONGEST = 900;
const WHOLE = 24000; // what a long replay should take

/** Keeps the place in `count` steps, from 0 to `count`, and calls `onStep(place)` when it changes. */
export class Player {
  constructor({ slider, play, back, forward }, count, onStep) {
    Object.assign(this, { slider, button: play, count, onStep, place: count, timer: null });
    slider.max = count;
    slider.value = count;
    slider.addEventListener("input", () => this.pauseAt(Number(slider.value)));
    play.addEventListener("click", () => this.toggle());
    back.addEventListener("click", () => this.pauseAt(this.place - 1));
    forward.addEventListener("click", () => this.pauseAt(this.place + 1));
    document.addEventListener("keydown", (event) => this.key(event));
  }

  get pace() {
    return Math.min(LONGEST, Math.max(SHORTEST, WHOLE / this.count));
  }

  goTo(place) {
    this.place = Math.min(this.count, Math.max(0, place));
    this.slider.value = this.place;
    this.onStep(this.place);
  }

  pauseAt(place) {
    this.pause();
    this.goTo(place);
  }

  toggle() {
    if (this.timer) this.pause();
    else this.play();
  }

  play() {
    if (this.place >= this.count) this.goTo(0);
    this.timer = setInterval(() => {
      this.goTo(this.place + 1);
      if (this.place >= this.count) this.pause();
    }, this.pace);
    this.showState();
  }

  pause() {
    clearInterval(this.timer);
    this.timer = null;
    this.showState();
  }

  showState() {
    this.button.setAttribute("aria-pressed", String(this.timer !== null));
    this.button.setAttribute("aria-label", this.timer ? "Pause" : "Play");
  }

  key(event) {
    const isTyping = event.target.closest?.("input[type=search], textarea, select");
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    const isOnButton = event.key === " " && event.target.closest?.("button, [role=button]");
    const actions = {
      " ": () => this.toggle(),
      ArrowLeft: () => this.pauseAt(this.place - 1),
      ArrowRight: () => this.pauseAt(this.place + 1),
      Home: () => this.pauseAt(0),
      End: () => this.pauseAt(this.count),
    };
    if (!actions[event.key] || isOnButton) return;
    event.preventDefault();
    actions[event.key]();
  }
}
