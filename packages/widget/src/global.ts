import { setCloudName, setScriptApiUrl } from './api-url.js';
import { createSearchSource } from './create-search-source.js';
import { registerSource } from './sources.js';
import { applyUploadWidget } from './upload-widget/apply.js';
import { createUploadWidget, openUploadWidget } from './upload-widget/widget.js';

/*
 * The single script: merges the widget into `window.cloudinary`, which other scripts share, and uploads to where it came from.
 * Included twice, it is included once.
 */
const api = {
  createUploadWidget,
  openUploadWidget,
  applyUploadWidget,
  setCloudName,
  registerUploadSource: registerSource,
  createSearchSource,
};

const shared = globalThis as { cloudinary?: Record<string, unknown> };
shared.cloudinary ??= {};
if (shared.cloudinary.counterseal === undefined) {
  const script = document.currentScript;
  const isScript = script instanceof HTMLScriptElement;
  setScriptApiUrl(
    (isScript && script.dataset.apiUrl) ||
      (isScript && script.src !== '' ? new URL(script.src).origin : null),
  );
  Object.assign(shared.cloudinary, api, { counterseal: true });
}
