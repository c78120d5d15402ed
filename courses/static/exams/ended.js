/* After the hand-in nothing of the paper stays on the machine. */

const sitting = document.querySelector("[data-exam-ended]").dataset.examEnded;
for (const store of [localStorage, sessionStorage]) {
  Object.keys(store)
    .filter((key) => key.startsWith(`exam-${sitting}-`) || key === `writer-exam-${sitting}`)
    .forEach((key) => store.removeItem(key));
}
