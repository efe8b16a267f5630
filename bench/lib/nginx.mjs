import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { startProgram } from './processes.mjs';
import { findCommand } from './tools.mjs';

/** nginx with sendfile and one worker over the files of a folder; null when it is not installed. */
export async function startNginx(folder) {
  const program = findCommand('nginx');
  if (program === null) return null;
  const port = await freePort();
  const path = join(folder, 'nginx.conf');
  await writeFile(path, configuration(folder, port));
  // It says nothing when it is ready, but has bound its port before it writes this line at level `notice`.
  const server = await startProgram(program, (prefix) => ['-p', prefix, '-c', path, '-e', 'stderr'], {
    ready: /start worker process (\d+)/,
  });
  return { ...server, url: `http://127.0.0.1:${port}` };
}

function configuration(folder, port) {
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  return `${user}
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log stderr notice;
events { worker_connections 256; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  server { listen 127.0.0.1:${port}; root ${folder}; }
}
`;
}

/** Free now; nginx cannot be asked which port it chose. */
function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
