/* The video player: streams, controls, the place where one stopped, and the reports of
   what was played.  The server decides what it believes; see media/rules/ledger.py. */

import { token } from "../js/http.js";
import { make } from "../js/dom.js";
import { blank, heard, returned, started, stopped, taken, written } from "./tape.js";

const REPORT_MS = 10_000;
const FASTEST_FIRST = 1.5;
const HLS = "application/vnd.apple.mpegurl";

class Player {
  constructor(root) {
    this.root = root;
    this.video = root.querySelector("video");
    this.words = JSON.parse(root.dataset.words);
    this.pingUrl = root.dataset.pingUrl;
    this.seen = Number(root.dataset.percent) === 100;
    this.resumeAt = Number(root.dataset.position);
    this.tape = blank();
    this.sending = false;
    this.begun = false;
  }

  async begin() {
    const sources = [...this.video.querySelectorAll("source")].map(({ src, type }) => ({ src, type }));
    this.video.querySelectorAll("source").forEach((source) => source.remove());
    this.listen();
    await Promise.allSettled([this.dress(), this.attach(sources)]);
  }

  /* Put our controls in place of the browser's own, once they are here. */
  async dress() {
    await import(this.root.dataset.controls);
    this.root.querySelectorAll(".player-part").forEach((part) => (part.hidden = false));
    // The library calls it a button and gives it aria-checked, which buttons have not.
    this.root.querySelector("media-captions-button")?.setAttribute("role", "switch");
    this.video.controls = false;
  }

  async attach(sources) {
    const stream = sources.find(({ type }) => type === HLS)?.src;
    const plain = sources.find(({ type }) => type !== HLS)?.src;
    this.video.preload = "metadata";
    if (!stream) return this.play(plain);
    const native = this.video.canPlayType(HLS);
    if (native && navigator.vendor.startsWith("Apple")) return this.play(stream);
    const { default: Hls } = await import(this.root.dataset.hls);
    if (Hls.isSupported()) return this.stream(Hls, stream);
    return this.play(native ? stream : plain);
  }

  play(address) {
    if (address) this.video.src = address;
    else this.say("broken");
  }

  stream(Hls, address) {
    // Begin small: the line may be weak, and the player grows by itself.
    const hls = new Hls({ startLevel: 0, capLevelToPlayerSize: true, maxBufferLength: 30 });
    let recovered = false;
    hls.on(Hls.Events.ERROR, (_event, { fatal, type, response }) => {
      if (!fatal) return;
      if (type === Hls.ErrorTypes.NETWORK_ERROR) {
        this.say(response?.code === 404 ? "expired" : "waiting");
        if (response?.code !== 404) setTimeout(() => hls.startLoad(), 3000);
      } else if (type === Hls.ErrorTypes.MEDIA_ERROR && !recovered) {
        recovered = true;
        hls.recoverMediaError();
      } else this.say("broken");
    });
    hls.loadSource(address);
    hls.attachMedia(this.video);
  }

  listen() {
    const on = (names, act) => names.split(" ").forEach((name) => this.video.addEventListener(name, act));
    on("loadedmetadata", () => this.resume());
    on("playing", () => this.go());
    on("timeupdate", () => this.hear());
    on("seeking waiting", () => (this.tape = stopped(this.tape)));
    on("seeked", () => this.video.paused || this.go());
    on("pause ended", () => this.stop());
    on("ratechange", () => this.holdSpeed());
    on("error", () => this.say("broken"));
    on("waiting", () => this.say("waiting"));
    document.addEventListener("visibilitychange", () => this.turn());
    window.addEventListener("pagehide", () => this.stop());
    window.addEventListener("online", () => this.report());
    setInterval(() => this.video.paused || this.report(), REPORT_MS);
  }

  resume() {
    if (!(this.resumeAt > 0) || this.resumeAt >= this.video.duration) return;
    this.video.currentTime = this.resumeAt;
    this.say("resumed", { time: written(this.resumeAt) });
    const again = make("button", { type: "button", class: "btn btn-quiet" }, this.words.fromStart);
    again.addEventListener("click", () => {
      this.video.currentTime = 0;
      this.say("");
      this.video.focus();
    });
    this.state.append(" ", again);
    this.resumeAt = 0;
  }

  go() {
    if (document.hidden) return;
    this.say("");
    this.tape = started(this.tape, this.video.currentTime, this.video.playbackRate);
    // The first report starts the server's clock.
    if (!this.begun) this.report({ evenIfEmpty: true });
    this.begun = true;
  }

  hear() {
    if (document.hidden || this.video.seeking) return;
    this.tape = heard(this.tape, this.video.currentTime, this.video.playbackRate);
  }

  stop() {
    this.hear();
    this.tape = stopped(this.tape);
    this.report({ leaving: true });
  }

  /* What plays behind another tab is heard by nobody we can count. */
  turn() {
    if (document.hidden) {
      this.tape = stopped(this.tape);
      this.report({ leaving: true });
      if (!this.video.paused) this.say("hidden");
    } else if (!this.video.paused) this.go();
  }

  holdSpeed() {
    if (this.seen || this.video.playbackRate <= FASTEST_FIRST) return;
    this.video.playbackRate = FASTEST_FIRST;
    this.say("slower");
  }

  async report({ leaving = false, evenIfEmpty = false } = {}) {
    if (!this.pingUrl || (this.sending && !leaving)) return;
    const { report, rest } = taken(this.tape);
    if (!report.played.length && !evenIfEmpty) return;
    this.tape = rest;
    this.sending = true;
    try {
      this.show(await this.send(report));
    } catch {
      this.tape = returned(this.tape, report);
      this.say("unsent");
    } finally {
      this.sending = false;
    }
  }

  async send({ played, rate }) {
    const answer = await fetch(this.pingUrl, {
      method: "POST",
      // Outlives the page, as a beacon would; a beacon could not carry the token.
      keepalive: true,
      headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": token() },
      body: JSON.stringify({ played, rate, position: this.video.currentTime }),
    });
    if (answer.status >= 500) throw new Error("the server is away");
    return answer.ok ? (await answer.json()).percent : null;
  }

  show(percent) {
    if (percent === null) return this.say("refused");
    const said = percent === 100 ? this.words.watchedAll : this.words.watched.replace("{percent}", percent);
    this.root.querySelector("[data-player-watched]").textContent = percent ? said : "";
    if (percent === 100) this.seen = true;
    if (this.state.dataset.said === "unsent") this.say("");
    this.root.dispatchEvent(new CustomEvent("watched", { bubbles: true, detail: { percent } }));
  }

  say(word, values = {}) {
    this.state.dataset.said = word;
    const sentence = word ? this.words[word] : "";
    this.state.textContent = sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  }

  get state() {
    return this.root.querySelector("[data-player-state]");
  }
}

document.querySelectorAll("[data-player]").forEach((root) => new Player(root).begin());
