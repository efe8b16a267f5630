import { createResults } from './results.js';
import { sign } from './sign.js';

const { cloudName, apiKey, apiUrl, uploadPreset } = document.body.dataset;
const [signedButton, unsignedButton, note, list, problems] = [
  ...['#signed', '#unsigned', '#note', '#results', '#problems'].map((id) => document.querySelector(id)),
];
const results = createResults(list, problems);

/** `apiUrl` is where to upload to; the original's script does not know it and has an address of its own. */
const shared = { cloudName, apiUrl, multiple: true, showAdvancedOptions: true };

const signedOptions = {
  ...shared,
  apiKey,
  folder: 'signed_upload_demo_uw',
  async uploadSignature(callback, paramsToSign) {
    try {
      const { signature } = await sign('/api/signuploadwidget', paramsToSign);
      callback(signature);
    } catch (error) {
      callback(null, error);
    }
  },
};
const unsignedOptions = { ...shared, uploadPreset };

function told(error, result) {
  if (error) results.fail(result?.info?.name ?? 'Upload', error.statusText ?? String(error));
  if (result?.event === 'success') results.add(result.info);
  if (result?.event === 'queues-start') results.clearProblems();
}

function prepare(button, options) {
  const widget = globalThis.cloudinary.createUploadWidget(options, told);
  button.addEventListener('click', () => widget.open());
  button.disabled = false;
}

if (typeof globalThis.cloudinary?.createUploadWidget !== 'function') {
  note.textContent =
    'The widget did not load: is the server running? Its log and the console of this page say more.';
} else {
  prepare(signedButton, signedOptions);
  if (uploadPreset === '') note.textContent = 'UPLOAD_PRESET is not set, so there are no unsigned uploads.';
  else prepare(unsignedButton, unsignedOptions);
}
