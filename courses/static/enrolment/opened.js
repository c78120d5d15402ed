// Tell the server that this activity was opened, so that another device resumes here.
const script = document.querySelector("script[data-url]");
const token = document.querySelector('meta[name="csrf-token"]').content;
fetch(script.dataset.url, {
  method: "POST",
  headers: { "X-CSRFToken": token },
  keepalive: true,
}).catch(() => {
  // Offline: the next activity that is opened says it again.
});
