// Exchanges GitHub's codes for tokens for one page. GitHub wants the app's secret for that, and answers no page itself.
//
// Run it with Node.js 20 or newer behind https; it stores nothing and logs nothing. Its environment:
//   ORIGIN         the page's origin, https://ringside.example.com
//   CLIENT_ID      of the GitHub App
//   CLIENT_SECRET  of the GitHub App
//   PORT           8090 by default
//   TOKEN_URL      of a GitHub Enterprise Server, https://HOST/login/oauth/access_token

import { createServer } from "node:http";

const { ORIGIN, CLIENT_ID, CLIENT_SECRET, PORT = "8090", TOKEN_URL = "https://github.com/login/oauth/access_token" } = process.env;
const GRANTS = { authorization_code: ["code", "code_verifier", "redirect_uri"], refresh_token: ["refresh_token"] };

createServer(async (request, response) => {
  const answer = (status, body = "") => response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" }).end(body);
  if (request.headers.origin !== ORIGIN) return answer(403);
  response.setHeader("access-control-allow-origin", ORIGIN);
  if (request.method !== "POST") return answer(405);
  try {
    let text = "";
    for await (const chunk of request) if ((text += chunk).length > 10_000) return answer(413);
    const form = new URLSearchParams(text);
    const words = GRANTS[form.get("grant_type")];
    if (!words || form.get("client_id") !== CLIENT_ID) return answer(400, '{"error":"unauthorized_client"}');
    const body = new URLSearchParams({ client_id: CLIENT_ID, client_secret: CLIENT_SECRET, grant_type: form.get("grant_type") });
    for (const word of words) body.set(word, form.get(word) ?? "");
    const given = await fetch(TOKEN_URL, { method: "POST", headers: { accept: "application/json" }, body, signal: AbortSignal.timeout(20_000) });
    answer(given.status, await given.text());
  } catch {
    answer(502, '{"error":"temporarily_unavailable"}');
  }
}).listen(Number(PORT));
