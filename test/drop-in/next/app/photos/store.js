/** Stands for the database of an application. */
globalThis.photos ??= [];

export async function addPhoto(photo) {
  globalThis.photos.push(photo);
}

export async function listPhotos() {
  return [...globalThis.photos];
}
