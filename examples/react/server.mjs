import { createServer } from 'node:http';
import { createSigner, readCredentials, uploadPolicy } from '@counterseal/signer';
import { toNodeHandler } from '@counterseal/signer/node';
import { createSessions } from './sessions.mjs';
import { readSettings } from './settings.mjs';
import { readBuild } from './static-files.mjs';

/* The page, who is logged in, and the endpoint that signs: all that a signed upload needs besides the media server itself. */
const settings = readSettings();
const { cloudName, uploadPrefix } = readCredentials(settings.cloudinaryUrl);
const apiUrl = settings.apiUrl ?? uploadPrefix;
const sessions = createSessions(settings);
const sendBuild = readBuild(new URL('dist/', import.meta.url), apiUrl);

const sign = toNodeHandler(
  createSigner({
    credentials: settings.cloudinaryUrl,
    authorize: (request) => sessions.find(request.headers.get('cookie')),
    policy: (user) => uploadPolicy({ force: { folder: `users/${user}` } }),
  }),
);

const routes = {
  'GET /config.json': (request, response) => {
    const user = sessions.find(request.headers.cookie);
    sendJson(response, 200, { apiUrl, cloudName, uploadPreset: settings.uploadPreset, user });
  },
  'POST /session': async (request, response) => {
    const { name, password } = await readJson(request);
    const cookie = sessions.begin(name, password);
    if (cookie === null) return sendJson(response, 401, { error: 'Name or password is wrong' });
    sendJson(response, 200, { name }, { 'Set-Cookie': cookie });
  },
  'DELETE /session': (_request, response) => {
    sendJson(response, 200, { name: null }, { 'Set-Cookie': sessions.end() });
  },
  'POST /api/sign': sign,
};

const server = createServer(async (request, response) => {
  const path = request.url.split('?', 1)[0];
  const route = routes[`${request.method} ${path}`];
  try {
    if (route !== undefined) await route(request, response);
    else if (!sendBuild(request, path, response)) sendJson(response, 404, { error: 'There is nothing here' });
  } catch (error) {
    sendJson(response, error instanceof SyntaxError ? 400 : 500, { error: 'This did not work' });
    if (!(error instanceof SyntaxError)) console.error(error);
  }
});

server.listen(settings.port, settings.host, () => {
  console.log(`The example is at http://localhost:${server.address().port}`);
});

function sendJson(response, status, body, headers = {}) {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...headers });
  response.end(JSON.stringify(body));
}

/** A JSON object only: a form of another site cannot send one. */
async function readJson(request) {
  if (request.headers['content-type'] !== 'application/json') throw new SyntaxError('not JSON');
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk;
    if (text.length > 10_000) throw new SyntaxError('too long');
  }
  const value = JSON.parse(text);
  if (value === null || typeof value !== 'object') throw new SyntaxError('not an object');
  return value;
}
