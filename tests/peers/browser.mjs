/* A browser as far as signing in needs one: cookies by host, forms, redirects; and the
   person in front of it.  Standard library alone, so that any peer's script can use it. */

import { createHmac, webcrypto } from "node:crypto";

// Node 18, which Debian 12 has, keeps it to itself.
globalThis.crypto ??= webcrypto;

/* Read a setting, or say which one is missing. */
export function setting(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set; see docs/operators.md`);
  return value;
}

/* The test account, from PEER_NUMBER, PEER_PASSWORD and PEER_OTP_SECRET. */
export function account() {
  return {
    number: setting("PEER_NUMBER"),
    password: setting("PEER_PASSWORD"),
    otp: () => totp(setting("PEER_OTP_SECRET"), Math.floor(Date.now() / 30_000)),
  };
}

/* RFC 6238 with the defaults of every authenticator. */
export function totp(secret, step) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret].map((c) => letters.indexOf(c).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mark = createHmac("sha1", key).update(counter).digest();
  const code = mark.readUInt32BE(mark.at(-1) & 15) & 0x7fffffff;
  return String(code % 1_000_000).padStart(6, "0");
}

/* What a browser says when it opens a page; servers tell scripts from people by it. */
const AS_A_PAGE = { accept: "text/html" };

export class Browser {
  #cookies = new Map();

  /* Open an address and follow redirects until a page, or an address that *ends* wants. */
  async open(address, ends = () => false, options = {}) {
    for (let hops = 0; hops < 20; hops += 1) {
      const url = new URL(address);
      if (ends(url)) return { url, status: 302, text: "", headers: new Headers() };
      const answer = await fetch(url, {
        redirect: "manual",
        ...options,
        headers: { ...AS_A_PAGE, ...options.headers, cookie: this.#sent(url) },
      });
      this.#keep(url, answer);
      const location = answer.headers.get("location");
      if (!location) {
        return { url, status: answer.status, text: await answer.text(), headers: answer.headers };
      }
      await answer.arrayBuffer();
      address = new URL(location, url).href;
      options = {};
    }
    throw new Error(`too many redirects at ${new URL(address).origin}`);
  }

  /* Fill in the form whose address ends so; hidden fields go along. */
  async submit(page, ending, typed, ends) {
    const form = forms(page).find((one) => one.action.pathname.endsWith(ending));
    if (!form) throw new Error(`no form ${ending} on ${page.url.pathname}`);
    return this.open(form.action.href, ends, {
      method: "POST",
      body: new URLSearchParams({ ...form.hidden, ...typed }),
    });
  }

  #sent(url) {
    const jar = this.#cookies.get(url.hostname) ?? new Map();
    return [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  #keep(url, answer) {
    const jar = this.#cookies.get(url.hostname) ?? new Map();
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = line.match(/^([^=]+)=([^;]*)/);
      if (/expires=Thu, 01[ -]Jan[ -]1970|max-age=0/i.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
    this.#cookies.set(url.hostname, jar);
  }
}

function forms(page) {
  return [...page.text.matchAll(/<form\b[^>]*\baction="([^"]+)"[^>]*>(.*?)<\/form>/gs)].map(
    ([, action, inside]) => ({
      action: new URL(plain(action), page.url),
      hidden: Object.fromEntries(
        [...inside.matchAll(/<input\b[^>]*type="hidden"[^>]*>/g)].map(([input]) => [
          input.match(/name="([^"]*)"/)[1],
          plain(input.match(/value="([^"]*)"/)?.[1] ?? ""),
        ]),
      ),
    }),
  );
}

const plain = (text) => text.replaceAll("&amp;", "&").replaceAll("&#34;", '"').replaceAll("&#39;", "'");

/* Sign in as the account and agree, from whatever page stands in between. */
export async function signIn(browser, page, person, ends) {
  const steps = [
    ["/password", () => ({ number: person.number, password: person.password })],
    ["/otp", () => ({ code: person.otp() })],
    ["/consent", () => ({})],
  ];
  for (const [ending, typed] of steps) {
    if (page.text.includes(`${ending}"`)) page = await browser.submit(page, ending, typed(), ends);
  }
  return page;
}
