// Show where the check-in stands; the station's own server is asked twice a second.
const BUSY = new Set(["asking", "waiting", "opening", "reading", "proving", "sending"]);
const find = (id) => document.getElementById(id);

function show(state) {
  find("board").dataset.stage = state.stage;
  if (find("headline").textContent !== state.headline) {
    find("headline").textContent = state.headline;
  }
  const busy = BUSY.has(state.stage);
  find("progress").hidden = !busy;
  find("progress").value = state.part;
  find("form").querySelector("button").disabled = busy;
  const lines = state.sentences.join("\n");
  if (find("sentences").dataset.lines !== lines) {
    find("sentences").dataset.lines = lines;
    find("sentences").replaceChildren(
      ...state.sentences.map((sentence) => {
        const item = document.createElement("li");
        item.textContent = sentence;
        return item;
      }),
    );
  }
}

async function look() {
  try {
    show(await (await fetch("/state")).json());
  } catch {
    show({
      stage: "stopped",
      part: 0,
      headline: "Trạm đã dừng.",
      sentences: ["Mở lại chương trình lms-station."],
    });
  }
  setTimeout(look, 500);
}

look();
