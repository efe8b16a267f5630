import { createUploadWidget } from '@counterseal/widget';

globalThis.makeContender = (api) => {
  let ended = () => {};
  const widget = createUploadWidget(
    { apiUrl: api, cloudName: 'bench', uploadPreset: 'bench', resourceType: 'raw' },
    (error, result) => {
      if (error !== null) throw new Error(error.status);
      if (result.event === 'queues-end') ended(result.info.files.filter(({ done }) => done).length);
    },
  );
  return {
    open: () => widget.open(),
    shown: () => document.querySelector('counterseal-upload-widget').shadowRoot.querySelector('.drop'),
    upload: (files) =>
      new Promise((resolve) => {
        ended = resolve;
        widget.addFiles(files);
      }),
  };
};
