import type { Exchange } from '../http/serve-operation.js';

/** `GET /health`: 200 when ready. */
export async function health({ res }: Exchange): Promise<void> {
  const body = JSON.stringify({ status: 'ok' });
  res.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' });
  res.end(body);
}

const style = `
:root { color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif; }
body { max-width: 44rem; margin: 4rem auto; padding: 0 1.5rem; }
h1 { font-size: 1.6rem; margin-bottom: 0; }
p.state { margin-top: .2rem; opacity: .75; }
pre { overflow-x: auto; padding: 1rem; border-radius: .5rem; background: color-mix(in srgb, currentColor 8%, transparent); }
`;

/** `GET /`: says that the server runs and how to make the first upload. No secrets, no scripts. */
export function startPage(publicUrl: () => string): (exchange: Exchange) => Promise<void> {
  return async ({ res }) => {
    res.writeHead(200, {
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-store',
      'Content-Security-Policy':
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
    });
    res.end(page(escapeHtml(publicUrl())));
  };
}

function page(url: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Counterseal</title>
<style>${style}</style>
<h1>Counterseal</h1>
<p class="state">is running on ${url}</p>
<p>Upload a file with the key and secret that were printed when this data folder was made
(or make a new key with <code>counterseal keys create</code>):</p>
<pre>curl -u KEY:SECRET -F file=@photo.jpg -F 'eager=w_400,h_300,c_pad|w_260,h_200,c_crop' \\
  ${url}/v1_1/demo/image/upload</pre>
<p>Point an official SDK here:</p>
<pre>CLOUDINARY_URL=cloudinary://KEY:SECRET@demo?upload_prefix=${url}</pre>
<p>The answer's <code>url</code> and <code>eager[].url</code> deliver the original and its derivatives; other
transformations are made when their address is first asked for.</p>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
