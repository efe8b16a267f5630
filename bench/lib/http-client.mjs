import { Agent, request } from 'node:http';

let agent = new Agent({ keepAlive: true });

/** The next request opens a new connection: a server may have given up one that was idle while others had their turn. */
export function forgetConnections() {
  agent.destroy();
  agent = new Agent({ keepAlive: true });
}

/** One request on a kept connection. Rejects for every status but 200. */
export function send(url, { method = 'GET', headers = {}, body } = {}) {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'Content-Length': body.length };
    const call = request(url, { method, agent, headers: { ...headers, ...length } }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const bytes = Buffer.concat(chunks);
        if (response.statusCode === 200) resolve({ bytes, headers: response.headers });
        else reject(new Error(`${method} ${url}: ${response.statusCode} ${bytes.toString().slice(0, 300)}`));
      });
    });
    call.on('error', reject);
    call.end(body);
  });
}

/** POSTs a body and reads JSON. */
export async function post(url, { contentType, body }) {
  const { bytes } = await send(url, { method: 'POST', headers: { 'Content-Type': contentType }, body });
  return JSON.parse(bytes.toString());
}

/** Calls `task(index)` for 0 to count-1, at most `width` at a time. */
export async function inParallel(count, width, task) {
  let next = 0;
  const lane = async () => {
    while (next < count) await task(next++);
  };
  await Promise.all(Array.from({ length: Math.min(width, count) }, lane));
}
