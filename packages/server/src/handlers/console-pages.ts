import type { Finding } from '@counterseal/signer';
import { eagerPair, uploadScripts, uploadSection } from './console-upload.js';
import { escapeHtml } from './html.js';

/** What the explain form shows beside itself. */
export type ExplainResult =
  | { readonly text: string; readonly findings: readonly Finding[] }
  | { readonly text: string; readonly problem: string };

/** What the page has for whoever opened the printed address. */
export interface ConsoleTools {
  /** Where the page uploads to; null when no key can sign. */
  readonly cloud: string | null;
  readonly result: ExplainResult | null;
}

/** The start page; `tools` null for visitors who did not open the printed address. */
export function startPage(url: string, tools: ConsoleTools | null): string {
  const title = tools === null ? 'It is running.' : 'Drop a photo.';
  const lead =
    tools === null
      ? 'Signed media uploads of your own: point an official SDK, a curl line or an upload form here.'
      : 'It goes up signed, is stored here, and comes back as it was and in two sizes, each with its own address.';
  return layout(
    url,
    `<div class="hero">
<h1>${title}</h1>
<p class="lead">${lead}</p>
</div>
${tools === null ? '' : uploadSection(tools.cloud)}
${terminalSection(url, tools?.cloud ?? 'demo')}
<section id="explain">
<h2>${tools === null ? 'Upload here, and explain refused signatures' : 'Explain a refused signature'}</h2>
${tools === null ? closed : explainForm(tools.result)}
</section>`,
    tools === null || tools.cloud === null ? '' : uploadScripts,
  );
}

function terminalSection(url: string, cloud: string): string {
  return `<section>
<h2>From a terminal, or from code</h2>
<p>With the key and secret that were printed when this data folder was made, or with a new key of
<code>counterseal keys create</code>:</p>
${block(
  'curl line',
  'Upload a file.',
  `curl -u KEY:SECRET -F file=@photo.jpg -F 'eager=${eagerPair.join('|')}' \\
  ${url}/v1_1/${cloud}/image/upload`,
)}
${block(
  'CLOUDINARY_URL line',
  'Point an official SDK here.',
  `CLOUDINARY_URL=cloudinary://KEY:SECRET@${cloud}?upload_prefix=${url}`,
)}
<p>The answer's <code>url</code> and <code>eager[].url</code> deliver the original and its derivatives; other
transformations are made when their address is first asked for.</p>
</section>`;
}

function block(name: string, about: string, text: string): string {
  return `<div class="paste"><p>${about}</p><pre data-name="${name}">${escapeHtml(text)}</pre></div>`;
}

const closed = `<p>Open the start page by the address that was printed when the server started (it works once).
<code>counterseal explain</code> works without it.</p>`;

function explainForm(result: ExplainResult | null): string {
  return `<form method="post" action="/console#explain">
<label for="request">The refused request: a curl line, a HAR entry, or the error text and below it the parameters you signed,
one <code>name=value</code> a line.</label>
<textarea id="request" name="request" rows="7" required spellcheck="false">${escapeHtml(result?.text ?? '')}</textarea>
<button>Explain</button>
</form>
${result === null ? '' : 'problem' in result ? `<p class="answer is-bad" role="alert">${escapeHtml(result.problem)}</p>` : findingList(result.findings)}`;
}

function findingList(findings: readonly Finding[]): string {
  if (findings.length === 0) return '<p class="answer" role="status">Nothing is wrong with it.</p>';
  const items = findings.map(({ code, message }) => `<li><code>${code}</code>: ${escapeHtml(message)}</li>`);
  return `<div role="status"><ol class="answer">${items.join('\n')}</ol></div>`;
}

const mark = `<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.5" aria-hidden="true"><circle cx="9" cy="12" r="6.5"/><circle cx="15" cy="12" r="6.5"/><path d="M12 6.234A6.5 6.5 0 0 1 12 17.766 6.5 6.5 0 0 1 12 6.234Z" fill="currentColor" stroke="none"/></svg>`;

function layout(url: string, body: string, scripts: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Counterseal</title>
<link rel="icon" href="/console/mark.svg">
<link rel="stylesheet" href="/console/start-page.css">
${scripts}
</head>
<body>
<header>
<p class="brand">${mark}Counterseal</p>
<p class="state">is running on ${escapeHtml(url)}</p>
</header>
<main>
${body}
</main>
<footer>Photos and keys are kept in the data folder of this server. Counterseal is not affiliated with Cloudinary.</footer>
</body>
</html>
`;
}
