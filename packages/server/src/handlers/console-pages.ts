import type { Finding } from '@counterseal/signer';

const style = `
:root { color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif; }
body { max-width: 44rem; margin: 4rem auto; padding: 0 1.5rem; }
h1 { font-size: 1.6rem; margin-bottom: 0; }
p.state { margin-top: .2rem; opacity: .75; }
pre { overflow-x: auto; padding: 1rem; border-radius: .5rem; background: color-mix(in srgb, currentColor 8%, transparent); }
textarea { width: 100%; box-sizing: border-box; font: .85rem/1.5 ui-monospace, monospace; }
`;

/** What the explain form shows beside itself. */
export type ExplainResult =
  | { readonly text: string; readonly findings: readonly Finding[] }
  | { readonly text: string; readonly problem: string };

/** The start page; `tools` null for visitors who did not open the printed address. */
export function startPage(url: string, tools: { readonly result: ExplainResult | null } | null): string {
  return layout(`<h1>Counterseal</h1>
<p class="state">is running on ${escapeHtml(url)}</p>
<p>Upload a file with the key and secret that were printed when this data folder was made
(or make a new key with <code>counterseal keys create</code>):</p>
<pre>curl -u KEY:SECRET -F file=@photo.jpg -F 'eager=w_400,h_300,c_pad|w_260,h_200,c_crop' \\
  ${escapeHtml(url)}/v1_1/demo/image/upload</pre>
<p>Point an official SDK here:</p>
<pre>CLOUDINARY_URL=cloudinary://KEY:SECRET@demo?upload_prefix=${escapeHtml(url)}</pre>
<p>The answer's <code>url</code> and <code>eager[].url</code> deliver the original and its derivatives; other
transformations are made when their address is first asked for.</p>
${tools === null ? closed : explainForm(tools.result)}`);
}

const closed = `<h2>Explain a refused signature</h2>
<p>Open the start page by the address that was printed when the server started (it works once), or run
<code>counterseal explain</code>.</p>`;

function explainForm(result: ExplainResult | null): string {
  return `<h2>Explain a refused signature</h2>
<form method="post" action="/console">
<p><label for="request">The refused request: a curl line, a HAR entry, or the error text and below it the parameters you signed,
one <code>name=value</code> a line.</label></p>
<p><textarea id="request" name="request" rows="8" required>${escapeHtml(result?.text ?? '')}</textarea></p>
<p><button>Explain</button></p>
</form>
${result === null ? '' : 'problem' in result ? `<p role="alert">${escapeHtml(result.problem)}</p>` : findingList(result.findings)}`;
}

function findingList(findings: readonly Finding[]): string {
  if (findings.length === 0) return '<p role="status">Nothing is wrong with it.</p>';
  const items = findings.map(({ code, message }) => `<li><code>${code}</code>: ${escapeHtml(message)}</li>`);
  return `<ol role="status">${items.join('\n')}</ol>`;
}

function layout(body: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Counterseal</title>
<style>${style}</style>
${body}
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
