/* The upload field: sends the file at once, then shows how far its conversion is. */

import { post, token } from "../js/http.js";

const ASK_AGAIN_MS = 2000;

class Upload {
  constructor(root) {
    this.root = root;
    this.words = JSON.parse(root.dataset.words);
    this.file = this.part("file");
    this.id = this.part("id");
    this.request = null;
    this.file.addEventListener("change", () => this.file.files[0] && this.send(this.file.files[0]));
    this.part("stop").addEventListener("click", () => this.request?.abort());
    window.addEventListener("beforeunload", (event) => this.request && event.preventDefault());
    if (this.id.value) this.follow(Number(this.id.value), { quiet: true });
  }

  part(name) {
    return this.root.querySelector(`[data-upload-${name}]`);
  }

  send(file) {
    this.fail("");
    if (file.size > Number(this.root.dataset.largest)) return this.fail(this.words.tooLarge);
    const address = new URL(this.root.dataset.url, location.href);
    address.search = new URLSearchParams({ kind: this.root.dataset.kind, name: file.name });
    const request = (this.request = new XMLHttpRequest());
    request.responseType = "json";
    request.open("POST", address);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", token());
    request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
    request.upload.addEventListener("progress", ({ loaded, total }) =>
      this.progress((loaded / total) * 100, this.words.sending),
    );
    request.addEventListener("load", () => this.received(request));
    request.addEventListener("error", () => this.end(this.words.failed));
    request.addEventListener("abort", () => this.end(this.words.stopped));
    this.part("stop").hidden = false;
    this.progress(0, this.words.sending);
    request.send(file);
  }

  received(request) {
    if (request.status !== 201) return this.end(request.response?.error ?? this.words.failed);
    this.end("");
    const asset = request.response;
    this.id.value = asset.id;
    this.part("name").hidden = false;
    this.part("words").textContent = asset.name;
    this.root.querySelector("[data-captions]")?.removeAttribute("hidden");
    this.say(this.words.kept);
    this.show(asset);
  }

  /* Ask how far the conversion is; *quiet* where the page only opens. */
  async follow(id, { quiet = false } = {}) {
    const answer = await fetch(`${this.root.dataset.url}/${id}/state`, {
      headers: { Accept: "application/json" },
    }).catch(() => null);
    // Another upload took its place, or it is not ours to ask about.
    if (Number(this.id.value) !== id || (answer && !answer.ok)) return;
    if (!answer) return this.later(id);
    const asset = await answer.json();
    if (quiet && asset.state === "ready") return;
    this.show(asset);
  }

  later(id) {
    setTimeout(() => this.follow(id), ASK_AGAIN_MS);
  }

  show(asset) {
    if (asset.state === "failed") {
      this.hideProgress();
      return this.fail(asset.words);
    }
    if (asset.kind !== "video") return;
    this.progress(asset.percent, asset.words);
    if (asset.state === "ready") return this.say(this.words.kept);
    this.say(this.words.converting);
    this.later(asset.id);
  }

  progress(percent, step) {
    const whole = Math.floor(percent);
    this.part("progress").hidden = false;
    this.part("progress").querySelector("progress").value = whole;
    this.part("step").textContent = step;
    this.part("percent").textContent = `${whole} %`;
  }

  hideProgress() {
    this.part("progress").hidden = true;
  }

  end(problem) {
    this.request = null;
    this.part("stop").hidden = true;
    this.hideProgress();
    this.file.value = "";
    if (problem) this.fail(problem);
  }

  fail(sentence) {
    const error = this.part("error");
    error.textContent = sentence;
    error.hidden = !sentence;
    this.part("field").classList.toggle("field-wrong", Boolean(sentence));
    if (sentence) this.say("");
  }

  say(sentence) {
    this.part("state").textContent = sentence;
  }
}

class Captions {
  constructor(root, upload) {
    this.root = root;
    this.upload = upload;
    this.file = this.part("file");
    this.file.addEventListener("change", () => this.file.files[0] && this.send(this.file.files[0]));
  }

  part(name) {
    return this.root.querySelector(`[data-captions-${name}]`);
  }

  async send(file) {
    const { words, id, root } = this.upload;
    const language = this.part("language");
    const body = new FormData();
    body.append("language", language.value);
    body.append("label", language.selectedOptions[0].textContent);
    body.append("file", file);
    this.tell("", "");
    try {
      await post(`${root.dataset.url}/${id.value}/captions`, body);
      this.tell(words.captionsKept, "");
    } catch (error) {
      this.tell("", error.message || words.captionsFailed);
    } finally {
      this.file.value = "";
    }
  }

  tell(state, problem) {
    this.part("state").textContent = state;
    this.part("error").textContent = problem;
    this.part("error").hidden = !problem;
  }
}

for (const root of document.querySelectorAll("[data-upload]")) {
  const upload = new Upload(root);
  const captions = root.querySelector("[data-captions]");
  if (captions) new Captions(captions, upload);
}
