/* A person opens a page that Apache's mod_auth_openidc guards, signs in at the provider
   and is let in; then signs out.  Prints what Apache was told as JSON.

   PEER_START PEER_NUMBER PEER_PASSWORD PEER_OTP_SECRET */

import { account, Browser, setting, signIn } from "./browser.mjs";

const start = setting("PEER_START");
const browser = new Browser();
const asked = await browser.open(start);
const page = await signIn(browser, asked, account());
const again = await browser.open(start);

console.log(
  JSON.stringify({
    wasAsked: new URL(start).host !== asked.url.host,
    status: page.status,
    url: page.url.href,
    text: page.text.trim(),
    issuer: page.headers.get("x-peer-iss"),
    subject: page.headers.get("x-peer-sub"),
    name: page.headers.get("x-peer-name"),
    acr: page.headers.get("x-peer-acr"),
    again: again.status,
  }),
);
