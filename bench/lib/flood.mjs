import { connect } from 'node:net';

/**
 * Many requests of one URL over kept connections, one at a time on each: GETs, or POSTs of `json`. Bare sockets: the generator must cost less than what it
 * measures. Stops after `requests`, or when `until()` says so. Answers how many were answered, and how long each took.
 */
export async function flood(
  url,
  { connections, requests = Number.POSITIVE_INFINITY, until = () => false, json = null },
) {
  const { hostname, port } = new URL(url);
  const text = requestText(new URL(url), json);
  const latenciesMs = [];
  let started = 0;
  const mayStart = () => started < requests && !until();
  await Promise.all(
    Array.from({ length: connections }, () => lane({ hostname, port, text, mayStart, latenciesMs, onStart })),
  );
  return { answered: latenciesMs.length, latenciesMs };

  function onStart() {
    started += 1;
  }
}

function requestText({ host, pathname }, json) {
  const common = `${pathname} HTTP/1.1\r\nHost: ${host}\r\nAccept: */*\r\n`;
  if (json === null) return `GET ${common}\r\n`;
  const body = JSON.stringify(json);
  return `POST ${common}Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

function lane({ hostname, port, text, mayStart, latenciesMs, onStart }) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    let missingBytes = 0;
    let sentAt = 0;
    const next = () => {
      if (!mayStart()) return socket.end();
      onStart();
      sentAt = performance.now();
      socket.write(text);
    };
    socket.on('connect', next);
    socket.on('data', (chunk) => {
      if (missingBytes === 0) missingBytes = answerBytes(chunk);
      missingBytes -= chunk.length;
      if (missingBytes > 0) return;
      latenciesMs.push(performance.now() - sentAt);
      next();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve());
  });
}

/** Length of the whole answer that begins with this chunk. */
function answerBytes(chunk) {
  const headEnd = chunk.indexOf('\r\n\r\n');
  const head = chunk.toString('latin1', 0, headEnd);
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
  if (headEnd === -1 || !head.startsWith('HTTP/1.1 200') || length === undefined) {
    throw new Error(`not an answer this can count: ${head.slice(0, 200)}`);
  }
  return headEnd + 4 + Number(length);
}
