/* The certified client openid-client signs a person in at a provider, learns who it is,
   asks about the token, revokes it and signs out.  Prints what it found as JSON.

   PEER_ISSUER PEER_CLIENT_ID PEER_CLIENT_SECRET PEER_REDIRECT_URI PEER_SCOPE
   PEER_POST_LOGOUT_URI PEER_NUMBER PEER_PASSWORD PEER_OTP_SECRET */

import * as client from "openid-client";

import { account, Browser, setting, signIn } from "./browser.mjs";

const secret = setting("PEER_CLIENT_SECRET");
const redirectUri = setting("PEER_REDIRECT_URI");
const scope = process.env.PEER_SCOPE ?? "openid profile vneid";
const config = await client.discovery(
  new URL(setting("PEER_ISSUER")),
  setting("PEER_CLIENT_ID"),
  {},
  client.ClientSecretBasic(secret),
  { execute: [client.allowInsecureRequests] },
);

const isBack = (url) => url.href.startsWith(redirectUri);
const browser = new Browser();
const person = account();

async function flow(extra) {
  const verifier = client.randomPKCECodeVerifier();
  const expected = { state: client.randomState(), nonce: client.randomNonce() };
  const address = client.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope,
    ...expected,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    ...extra,
  });
  const page = await browser.open(address.href, isBack);
  const back = await signIn(browser, page, person, isBack);
  return client.authorizationCodeGrant(config, back.url, {
    pkceCodeVerifier: verifier,
    expectedState: expected.state,
    expectedNonce: expected.nonce,
    idTokenExpected: true,
    ...(extra.max_age ? { maxAge: Number(extra.max_age) } : {}),
  });
}

const tokens = await flow({ acr_values: "LoA2", max_age: "3600" });
const claims = tokens.claims();
const userinfo = await client.fetchUserInfo(config, tokens.access_token, claims.sub);
const silent = (await flow({ prompt: "none" })).claims();
const active = await client.tokenIntrospection(config, tokens.access_token);
await client.tokenRevocation(config, tokens.access_token);
const revoked = await client.tokenIntrospection(config, tokens.access_token);

const postLogout = setting("PEER_POST_LOGOUT_URI");
const leaving = client.buildEndSessionUrl(config, {
  id_token_hint: tokens.id_token,
  post_logout_redirect_uri: postLogout,
  state: "left",
});
const left = await browser.open(leaving.href, (url) => url.href.startsWith(postLogout));
let after = "signed in";
try {
  await flow({ prompt: "none" });
} catch (error) {
  after = error.error;
}

console.log(
  JSON.stringify({
    acr: claims.acr,
    amr: claims.amr,
    subjects: new Set([claims.sub, userinfo.sub, silent.sub]).size,
    told: Object.keys(userinfo).sort(),
    isNumberRight: userinfo.so_dinh_danh === person.number,
    active: active.active,
    revoked: revoked.active,
    left: left.url.searchParams.get("state"),
    after,
  }),
);
