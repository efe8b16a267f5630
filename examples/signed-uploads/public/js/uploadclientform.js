import { createResults } from './results.js';
import { sign } from './sign.js';

const { cloudName, apiUrl, uploadPreset } = document.body.dataset;
const url = `${apiUrl}/v1_1/${cloudName}/image/upload`;
const form = document.querySelector('form');
const note = document.querySelector('#note');
const results = createResults(document.querySelector('#results'), document.querySelector('#problems'));

/** How the parameters that were asked for become the ones that are sent. */
const modes = {
  async signed(wanted) {
    const paramsToSign = { ...wanted, source: 'form', timestamp: Math.round(Date.now() / 1000) };
    const { signature, api_key } = await sign('/api/signuploadform', paramsToSign);
    return { ...paramsToSign, api_key, signature };
  },
  async unsigned(wanted) {
    return { ...wanted, upload_preset: uploadPreset };
  },
};

/** Derivatives of an unsigned upload are the preset's: the upload may not ask for any. */
form.addEventListener('change', () => {
  form.elements.eager.disabled = form.elements.mode.value === 'unsigned';
});

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const { files, mode, ...wanted } = readForm();
  const button = form.querySelector('button');
  button.disabled = true;
  results.clearProblems();
  note.textContent = `Uploading ${files.length} …`;
  const done = await Promise.all(files.map((file) => upload(file, mode, wanted)));
  note.textContent = `Uploaded ${done.filter(Boolean).length} of ${files.length}`;
  button.disabled = false;
});

/** Empty fields are not sent, and not signed. */
function readForm() {
  const given = new FormData(form);
  const files = given.getAll('files');
  given.delete('files');
  return { files, ...Object.fromEntries([...given].filter(([, value]) => value !== '')) };
}

async function upload(file, mode, wanted) {
  try {
    const formData = new FormData();
    for (const [name, value] of Object.entries(await modes[mode](wanted))) formData.append(name, value);
    formData.append('file', file);
    const response = await fetch(url, { method: 'POST', body: formData });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.error.message);
    results.add(answer);
    return true;
  } catch (error) {
    results.fail(file.name, error.message);
    return false;
  }
}

if (uploadPreset === '') {
  form.elements.mode[1].disabled = true;
  note.textContent = 'UPLOAD_PRESET is not set, so there are no unsigned uploads.';
}
