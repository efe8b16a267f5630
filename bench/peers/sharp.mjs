import sharp from 'sharp';

/*
 * Bare sharp in a warm process, told over the process channel what to make: `{ id, path, picture }`. Answers
 * `{ id, base64 }` where `wantBytes` asks for them. Each picture is the shortest pipeline that gives it, from the path, as the
 * documentation of sharp would have it.
 */
const pictures = {
  fill:
    ({ width, height }) =>
    (input) =>
      input.resize({ width, height, fit: 'cover', position: 'centre' }).webp({ quality: 80, effort: 4 }),
  pad:
    ({ width, height }) =>
    (input) =>
      input
        .resize({ width, height, fit: 'contain', background: '#fff' })
        .jpeg({ quality: 80, chromaSubsampling: '4:2:0' }),
  crop:
    ({ width, height }) =>
    (input) =>
      input
        .extract({ left: (4032 - width) / 2, top: (3024 - height) / 2, width, height })
        .jpeg({ quality: 80, chromaSubsampling: '4:2:0' }),
  'avif-default':
    ({ width, height, quality }) =>
    (input) =>
      input.resize({ width, height }).avif({ quality }),
};

process.on('message', async ({ id, path, picture, wantBytes }) => {
  const bytes = await pictures[picture.kind](picture)(sharp(path).autoOrient()).toBuffer();
  process.send({ id, length: bytes.length, base64: wantBytes ? bytes.toString('base64') : null });
});
process.stdout.write('ready pipe:\n');
