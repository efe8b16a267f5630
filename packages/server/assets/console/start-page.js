// @ts-check
/*
 * The script of the start page: the upload widget in the page, signed by this server, and below it what came of each photo. The
 * addresses and texts of answers are set as properties, never as HTML.
 */
/** @typedef {import('@counterseal/widget').UploadInfo} UploadInfo */
const { cloudinary } = /** @type {{ cloudinary: typeof import('@counterseal/widget') }} */ (
  /** @type {unknown} */ (globalThis)
);

const copiedForMs = 2000;
const place = byId('upload');
const results = byId('results');

const widget = cloudinary.createUploadWidget(
  {
    cloudName: place.dataset.cloud ?? '',
    inlineContainer: place,
    sources: ['local', 'url', 'camera'],
    resourceType: 'image',
    clientAllowedFormats: ['image'],
    eager: place.dataset.eager,
    showPoweredBy: false,
    sign,
  },
  (_error, result) => {
    if (result.event === 'success') showResult(result.info);
  },
);
takeDropsAnywhere();
for (const block of document.querySelectorAll('.paste')) addCopyButton(block);

/**
 * Asks this server for a signature, as the option `signatureEndpoint` would, and shows what was signed.
 * @param {Readonly<Record<string, string>>} paramsToSign
 * @param {{ signal: AbortSignal }} options
 */
async function sign(paramsToSign, { signal }) {
  const response = await fetch('/console/sign', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ paramsToSign }),
    signal,
  });
  const answer = await response.json();
  if (response.status === 401)
    throw new Error('This page was opened before the server started again. Open the address it printed.');
  if (!response.ok) throw new Error(answer.error.message);
  showSigned(paramsToSign, answer.signature);
  return { signature: answer.signature, apiKey: answer.api_key };
}

/**
 * @param {Readonly<Record<string, string>>} paramsToSign
 * @param {string} signature
 */
function showSigned(paramsToSign, signature) {
  const names = Object.keys(paramsToSign).sort().join(', ');
  const strong = document.createElement('b');
  strong.textContent = 'Signed for this upload alone';
  const code = document.createElement('code');
  code.textContent = `${signature.slice(0, 12)}…`;
  const covered = document.createElement('span');
  covered.append(`covers ${names}: `, code);
  byId('signed').replaceChildren(strong, covered);
}

/** @param {UploadInfo} info */
function showResult(info) {
  const card = fromTemplate('result');
  const name = `${info.original_filename ?? info.public_id}.${info.format}`;
  find(card, 'h3').textContent = name;
  find(card, '.facts').textContent = `public id ${info.public_id}`;
  const pictures = [
    { label: 'original', ...info },
    ...(info.eager ?? []).map((derived) => ({ label: String(derived.transformation), ...derived })),
  ];
  find(card, '.pictures').append(...pictures.map((picture) => pictureOf(picture, name)));
  results.prepend(card);
  card.scrollIntoView({ block: 'nearest' });
}

/**
 * @param {{ label: string, url: string, width?: unknown, height?: unknown, bytes?: unknown }} picture
 * @param {string} name
 */
function pictureOf({ label, url, width, height, bytes }, name) {
  const figure = fromTemplate('picture');
  const image = /** @type {HTMLImageElement} */ (find(figure, 'img'));
  Object.assign(image, { alt: `${name}, ${label}`, width, height, src: url });
  /** @type {HTMLAnchorElement} */ (find(figure, 'a')).href = url;
  find(figure, 'code').textContent = label;
  const size = typeof bytes === 'number' ? ` · ${sizeText(bytes)}` : '';
  find(figure, '.facts').textContent = `${width} × ${height}${size}`;
  const input = /** @type {HTMLInputElement} */ (find(figure, 'input'));
  input.value = url;
  input.ariaLabel = `Address of ${label}`;
  input.onfocus = () => input.select();
  prepareCopyButton(find(figure, 'button'), input, `address of ${label}`);
  return figure;
}

/** @param {Element} block */
function addCopyButton(block) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'copy';
  button.textContent = 'Copy';
  const text = find(block, 'pre');
  text.before(button);
  prepareCopyButton(button, text, text.dataset.name ?? '');
}

/**
 * @param {HTMLElement} button
 * @param {HTMLElement} source
 * @param {string} what
 */
function prepareCopyButton(button, source, what) {
  button.ariaLabel = `Copy ${what}`;
  button.onclick = async () => {
    const isCopied = await copy(source);
    byId('said').textContent = isCopied ? `Copied: ${what}` : `Press Ctrl+C to copy the ${what}`;
    button.textContent = isCopied ? 'Copied' : 'Ctrl+C';
    button.classList.toggle('is-copied', isCopied);
    setTimeout(() => {
      button.textContent = 'Copy';
      button.classList.remove('is-copied');
      byId('said').textContent = '';
    }, copiedForMs);
  };
}

/**
 * To the clipboard; on plain HTTP pages of other machines, which have none, by selecting and copying as people do.
 * @param {HTMLElement} source
 */
async function copy(source) {
  const text = source instanceof HTMLInputElement ? source.value : (source.textContent ?? '');
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    if (source instanceof HTMLInputElement) source.select();
    else getSelection()?.selectAllChildren(source);
    return document.execCommand('copy');
  }
}

/** A photo that misses the widget is meant for it all the same; without this the browser would leave the page. */
function takeDropsAnywhere() {
  /** @param {DragEvent} event */
  const isFiles = (event) => event.dataTransfer?.types.includes('Files') === true;
  addEventListener('dragover', (event) => {
    if (!isFiles(event)) return;
    document.body.classList.add('is-dragging');
    event.preventDefault();
  });
  addEventListener('dragleave', ({ relatedTarget }) => {
    if (relatedTarget === null) document.body.classList.remove('is-dragging');
  });
  addEventListener('drop', (event) => {
    document.body.classList.remove('is-dragging');
    if (event.defaultPrevented || !isFiles(event)) return;
    event.preventDefault();
    void widget.addFiles([...(event.dataTransfer?.files ?? [])]);
  });
}

/** @param {number} bytes */
function sizeText(bytes) {
  const [size, unit] = bytes < 1e6 ? [bytes / 1e3, 'KB'] : [bytes / 1e6, 'MB'];
  return `${size.toFixed(size < 10 ? 1 : 0)} ${unit}`;
}

/** @param {string} id */
function fromTemplate(id) {
  const { content } = /** @type {HTMLTemplateElement} */ (byId(id));
  return /** @type {HTMLElement} */ (content.firstElementChild?.cloneNode(true));
}

/**
 * @param {ParentNode} parent
 * @param {string} selector
 */
function find(parent, selector) {
  return /** @type {HTMLElement} */ (parent.querySelector(selector));
}

/** @param {string} id */
function byId(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}
