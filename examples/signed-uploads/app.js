import { createServer } from 'node:http';
import { createPages } from './modules/pages.js';
import { signUploadForm } from './modules/signuploadform.js';
import { signUploadWidget } from './modules/signuploadwidget.js';
import { createVisits } from './modules/visits.js';
import { readSettings } from './settings.js';

/* Two pages that upload, and the two endpoints that sign for them. `npm start`, then http://localhost:3000. */

const settings = settingsOrEnd();
const visits = createVisits();

const routes = new Map([
  ...createPages(settings, visits),
  ['/api/signuploadwidget', signUploadWidget(settings, visits)],
  ['/api/signuploadform', signUploadForm(settings, visits)],
]);

const server = createServer((request, response) => {
  const [path] = (request.url ?? '/').split('?');
  const answer = routes.get(path) ?? notFound;
  Promise.resolve(answer(request, response)).catch(() => response.destroy());
});
server.on('error', (error) => {
  console.error(
    error.code === 'EADDRINUSE' ? `Port ${settings.port} is taken: PORT=3001 npm start` : error.message,
  );
  process.exitCode = 1;
});
server.listen(settings.port, 'localhost', () => {
  console.log(`Server is up on http://localhost:${server.address().port}`);
});

function notFound(_request, response) {
  response.writeHead(404, { 'Content-Type': 'text/plain' }).end('There is nothing here.');
}

function settingsOrEnd() {
  try {
    return readSettings();
  } catch (error) {
    console.error(`${error.message}\nSet CLOUDINARY_URL, or copy .env.example to .env and fill it in.`);
    process.exit(1);
  }
}
