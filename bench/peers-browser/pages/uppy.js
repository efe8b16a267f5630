import Uppy from '@uppy/core';
import '@uppy/core/css/style.min.css';
import Dashboard from '@uppy/dashboard';
import '@uppy/dashboard/css/style.min.css';
import XHRUpload from '@uppy/xhr-upload';

globalThis.makeContender = (api) => {
  const uppy = new Uppy({ autoProceed: true, meta: { upload_preset: 'bench' } })
    .use(Dashboard, { inline: false })
    .use(XHRUpload, {
      endpoint: `${api}/v1_1/bench/raw/upload`,
      fieldName: 'file',
      allowedMetaFields: ['upload_preset'],
      limit: 3,
    });
  return {
    open: () => uppy.getPlugin('Dashboard').openModal(),
    shown: () => document.querySelector('.uppy-Dashboard-AddFiles-title'),
    upload: (files) =>
      new Promise((resolve) => {
        uppy.on('complete', ({ successful }) => resolve(successful.length));
        uppy.addFiles(files.map((data) => ({ name: data.name, type: data.type, data, source: 'Local' })));
      }),
  };
};
