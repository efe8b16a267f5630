import { readFileSync } from 'node:fs';

/** Address, file below public/, type. Nothing else of this folder is ever served. */
const files = [
  ['/', 'index.html', 'text/html; charset=utf-8'],
  ['/uploadwidget.html', 'uploadwidget.html', 'text/html; charset=utf-8'],
  ['/uploadform.html', 'uploadform.html', 'text/html; charset=utf-8'],
  ['/css/style.css', 'css/style.css', 'text/css; charset=utf-8'],
  ['/js/uploadclientwidget.js', 'js/uploadclientwidget.js', 'text/javascript; charset=utf-8'],
  ['/js/uploadclientform.js', 'js/uploadclientform.js', 'text/javascript; charset=utf-8'],
  ['/js/sign.js', 'js/sign.js', 'text/javascript; charset=utf-8'],
  ['/js/results.js', 'js/results.js', 'text/javascript; charset=utf-8'],
];

/** Routes for the pages and what they load, read once. Pages bring a visit along. */
export function createPages({ inPages, origins }, visits) {
  const headers = {
    'Content-Security-Policy': policyOf(origins),
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-cache',
  };
  return files.map(([path, name, type]) => {
    const text = readFileSync(new URL(`../public/${name}`, import.meta.url), 'utf8');
    const isPage = name.endsWith('.html');
    const body = isPage ? fillIn(text, inPages) : text;
    return [
      path,
      (request, response) => {
        const visit = isPage ? visits.cookieFor(request.headers.cookie) : {};
        response.writeHead(200, { ...headers, ...visit, 'Content-Type': type }).end(body);
      },
    ];
  });
}

/** Writes the values into `{{name}}`. Only what may be seen by everybody is among them. */
function fillIn(html, values) {
  return html.replace(/\{\{(\w+)\}\}/g, (_, name) => escapeHtml(values[name]));
}

function escapeHtml(text) {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The original's widget is a frame; ours needs none, and no HTML from text. */
const framed = (script) => [`frame-src ${script}`];
const strict = ["require-trusted-types-for 'script'", "trusted-types 'none'"];

/** Nothing inline, nothing from elsewhere: the widget's script, the Upload API, and the pictures that are delivered. */
function policyOf({ api, script, media }) {
  return [
    "default-src 'none'",
    `script-src 'self' ${script}`,
    `connect-src 'self' ${api}`,
    `img-src 'self' blob: ${media}`,
    ...(script.endsWith('.cloudinary.com') ? framed(script) : strict),
    "style-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
