import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';

const types = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };

/**
 * Serves one page for each contender from `folder`, and `/photo.jpg`. It also answers what Uploadcare's uploader asks of its own
 * service: `POST /base/` takes a file, `GET /info/` says that it is ready (that product uploads nowhere else).
 */
export async function startWidgetSite({ folder, pages, photo }) {
  const server = createServer(async (req, res) => {
    const { pathname, searchParams } = new URL(req.url, 'http://localhost');
    const send = (type, body, status = 200) => {
      res.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' });
      res.end(body);
    };
    const [, page = ''] = pathname.split('/');
    if (pathname === '/photo.jpg') return send('image/jpeg', photo);
    if (pathname === '/base/') {
      for await (const _ of req);
      return send('application/json', JSON.stringify({ file: crypto.randomUUID() }));
    }
    if (pathname === '/info/')
      return send('application/json', infoOf(searchParams.get('file_id'), photo.length));
    if (pathname === `/${page}/` && pages[page] !== undefined)
      return send('text/html', htmlOf(page, pages[page]));
    try {
      return send(types[extname(pathname)] ?? 'text/plain', await readFile(join(folder, pathname)));
    } catch {
      return send('text/plain', 'not here', 404);
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function htmlOf(page, { styles }) {
  const links = styles.map((name) => `<link rel="stylesheet" href="/${page}/${name}">`).join('');
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${page}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">${links}
<body><h1>${page}</h1><script type="module" src="/${page}/page.js"></script>`;
}

function infoOf(uuid, size) {
  const file = {
    uuid,
    file_id: uuid,
    original_filename: 'photo.jpg',
    filename: 'photo.jpg',
    size,
    total: size,
    done: size,
  };
  return JSON.stringify({
    ...file,
    is_stored: true,
    is_ready: true,
    is_image: true,
    mime_type: 'image/jpeg',
  });
}
