import { escapeHtml } from './html.js';

/** The derivatives of the printed sample, made while a photo is uploaded. */
export const eagerPair = ['w_400,h_300,c_pad', 'w_260,h_200,c_crop'];

/** A place for the upload widget, one for what was signed, one for results; the page's script fills them. */
export function uploadSection(cloud: string | null): string {
  if (cloud === null) return noKey;
  return `<section class="upload" aria-label="Upload a photo">
<div id="upload" data-cloud="${escapeHtml(cloud)}" data-eager="${eagerPair.join('|')}"></div>
<p class="signed" id="signed"></p>
<p class="said" id="said" role="status"></p>
<div id="results"></div>
</section>
${templates}`;
}

/** Before the script that uses them; both come from this server. */
export const uploadScripts = `<script src="/widgets/upload.js" defer></script>
<script type="module" src="/console/start-page.js"></script>`;

const noKey = `<section><p>Every API key is disabled, so that nothing can be signed. Make one with
<code>counterseal keys create</code> and load this page again.</p></section>`;

const templates = `<template id="result"><article class="result">
<h3></h3>
<p class="facts"></p>
<div class="pictures"></div>
</article></template>
<template id="picture"><figure>
<a target="_blank" rel="noreferrer"><img></a>
<figcaption><code></code><span class="facts"></span></figcaption>
<div class="address"><input readonly spellcheck="false"><button type="button" class="copy">Copy</button></div>
</figure></template>`;
