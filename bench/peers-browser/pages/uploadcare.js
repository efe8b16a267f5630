import * as UC from '@uploadcare/file-uploader';
import '@uploadcare/file-uploader/index.css';

UC.defineComponents(UC);

/** It speaks the protocol of its own service, and gets its answers from the page's server (bench/lib/widget-site.mjs). */
globalThis.makeContender = () => {
  document.body.insertAdjacentHTML(
    'beforeend',
    `<uc-config ctx-name="bench" pubkey="demopublickey" base-url="${location.origin}" cdn-cname="${location.origin}"
      quality-insights="false" max-concurrent-requests="3"></uc-config>
    <uc-file-uploader-regular ctx-name="bench"></uc-file-uploader-regular>
    <uc-upload-ctx-provider ctx-name="bench"></uc-upload-ctx-provider>`,
  );
  const provider = document.querySelector('uc-upload-ctx-provider');
  return {
    open: () => provider.getAPI().initFlow(),
    shown: () => document.querySelector('uc-file-uploader-regular dialog[open] uc-start-from'),
    upload: (files) =>
      new Promise((resolve) => {
        provider.addEventListener('change', ({ detail }) => {
          if (detail.successCount + detail.failedCount === files.length) resolve(detail.successCount);
        });
        const api = provider.getAPI();
        for (const file of files) api.addFileFromObject(file);
        // With files there, this shows their list.
        api.initFlow();
        api.uploadAll();
      }),
  };
};
