import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

/** Answers what `vite build` made, all of it read once. `apiUrl` is where the page may send uploads to, and show pictures from. */
export function readBuild(folder, apiUrl) {
  const root = fileURLToPath(folder);
  const names = readdirSync(root, { recursive: true }).filter((name) => statSync(root + name).isFile());
  const files = new Map(names.map((name) => [`/${name.replaceAll('\\', '/')}`, readFileSync(root + name)]));
  const policy = [
    "default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'",
    `connect-src 'self' ${apiUrl}; img-src 'self' blob: data: https: ${apiUrl}`,
  ].join('; ');

  return (request, path, response) => {
    const name = path === '/' ? '/index.html' : path;
    const body = files.get(name);
    if (body === undefined || !['GET', 'HEAD'].includes(request.method)) return false;
    response.writeHead(200, {
      'Content-Type': types[extname(name)] ?? 'application/octet-stream',
      'Cache-Control': name.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      'Content-Security-Policy': policy,
      'X-Content-Type-Options': 'nosniff',
    });
    response.end(body);
    return true;
  };
}
