/* Requests to our own server, with the token that it asks of every post. */

export function token() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

/* Post a form or an object; resolve with the JSON answer, or reject with an Error whose
   message the server wrote for people. */
export async function post(url, body) {
  const isForm = body instanceof FormData;
  const answer = await fetch(url, {
    method: "POST",
    headers: {
      Accept: "application/json",
      "X-CSRFToken": token(),
      ...(isForm ? {} : { "Content-Type": "application/json" }),
    },
    body: isForm ? body : JSON.stringify(body),
  });
  const found = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(found.error ?? "");
  return found;
}
