/* Talking with the server from a seat: {ok, status, body, wait}, or null without network. */

import { token } from "../js/http.js";

export const LONGEST_MS = 15000;

export async function tell(url, what) {
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": token() },
      body: JSON.stringify(what),
      signal: AbortSignal.timeout?.(LONGEST_MS),
    });
    const body = await answer.json().catch(() => ({}));
    return { ok: answer.ok, status: answer.status, body, wait: Number(answer.headers.get("Retry-After")) || 0 };
  } catch {
    return null;
  }
}
