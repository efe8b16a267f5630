import * as FilePond from 'filepond';
import 'filepond/dist/filepond.min.css';
import FileValidateType from 'filepond-plugin-file-validate-type';
import ImageCrop from 'filepond-plugin-image-crop';
import ImageExifOrientation from 'filepond-plugin-image-exif-orientation';
import ImagePreview from 'filepond-plugin-image-preview';
import 'filepond-plugin-image-preview/dist/filepond-plugin-image-preview.min.css';
import ImageResize from 'filepond-plugin-image-resize';
import ImageTransform from 'filepond-plugin-image-transform';

FilePond.registerPlugin(
  FileValidateType,
  ImageExifOrientation,
  ImagePreview,
  ImageCrop,
  ImageResize,
  ImageTransform,
);

/** It brings no dialog: a native one is opened with it inside. */
globalThis.makeContender = (api) => {
  const dialog = document.createElement('dialog');
  dialog.style.cssText = 'width: 760px; height: 600px; overflow: auto';
  document.body.append(dialog);
  let pond = null;
  return {
    open() {
      dialog.showModal();
      const place = document.createElement('div');
      dialog.append(place);
      pond = FilePond.create(place, {
        name: 'file',
        allowMultiple: true,
        maxParallelUploads: 3,
        allowImageTransform: false,
        credits: false,
        server: { process: { url: `${api}/v1_1/bench/raw/upload`, ondata: formOf } },
      });
    },
    shown: () => dialog.querySelector('.filepond--drop-label label'),
    upload: (files) =>
      new Promise((resolve) => {
        pond.onprocessfiles = () =>
          resolve(
            pond.getFiles().filter(({ status }) => status === FilePond.FileStatus.PROCESSING_COMPLETE).length,
          );
        pond.addFiles(files);
      }),
  };
};

/** Its own form has a second field named as the file is. */
function formOf(given) {
  const form = new FormData();
  form.append('upload_preset', 'bench');
  form.append('file', given.getAll('file').at(-1));
  return form;
}
