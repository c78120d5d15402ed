// A certified provider of others, for our front door to sign in at.
//
// PEER_PORT, PEER_CLIENT_ID, PEER_CLIENT_SECRET, PEER_REDIRECT_URI and PEER_PERSON (the
// JSON of the claims) come from the environment.  It prints its issuer once it listens.
import { createServer } from "node:http";
import Provider from "oidc-provider";

const { PEER_PORT, PEER_CLIENT_ID, PEER_CLIENT_SECRET, PEER_REDIRECT_URI, PEER_POST_LOGOUT_URI } = process.env;
const person = JSON.parse(process.env.PEER_PERSON);
const issuer = `http://localhost:${PEER_PORT}`;

const provider = new Provider(issuer, {
  clients: [{
    client_id: PEER_CLIENT_ID,
    client_secret: PEER_CLIENT_SECRET,
    redirect_uris: [PEER_REDIRECT_URI],
    post_logout_redirect_uris: [PEER_POST_LOGOUT_URI],
  }],
  scopes: ["openid", "vneid"],
  claims: { openid: ["sub"], vneid: Object.keys(person) },
  acrValues: ["LoA1", "LoA2"],
  cookies: { keys: ["of a test"] },
  findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...person }) }),
});

createServer(provider.callback()).listen(Number(PEER_PORT), "127.0.0.1", () => console.log(issuer));
