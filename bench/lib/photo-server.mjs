import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { post } from './http-client.mjs';
import { bigPhoto } from './pictures.mjs';
import { account, startCounterseal } from './processes.mjs';
import { signedForm, uploadAddress } from './signed-form.mjs';

/** Our server with one 12-megapixel photo in it, which also lies at `path`. */
export async function startPhotoServer(options) {
  const photo = await bigPhoto();
  const server = await startCounterseal(options);
  const path = join(server.folder, 'photo.jpg');
  await writeFile(path, photo);
  const upload = (params) => post(uploadAddress(server.url, 'image'), signedForm(photo, params, 'photo.jpg'));
  const { width, height } = await upload({ public_id: 'photo' });
  if (width !== 4032 || height !== 3024) throw new Error(`the photo was stored as ${width}x${height}`);
  return {
    ...server,
    path,
    upload,
    address: (transformation, extension) =>
      `${server.url}/${account.cloud}/image/upload/${transformation}/photo.${extension}`,
  };
}
