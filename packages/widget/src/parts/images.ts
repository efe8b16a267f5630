import type { PixelSize } from '../core/restrictions.js';

/** Formats a canvas can write again. Animations and drawings would lose what they are: they stay as they came. */
const writable: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/webp']);

const scaledQuality = 0.92;

/** Pixels as they are seen, after the camera's orientation; null when it is no image that this browser reads. */
export async function readDimensions(file: Blob): Promise<PixelSize | null> {
  const url = URL.createObjectURL(file);
  const image = new Image();
  try {
    image.src = url;
    await image.decode();
    return image.naturalWidth > 0 ? { width: image.naturalWidth, height: image.naturalHeight } : null;
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** A smaller copy, upright. What cannot be written in its own format is given back as it is. */
export async function scaleDown(file: File, { width, height }: PixelSize): Promise<Blob> {
  if (!writable.has(file.type)) return file;
  const bitmap = await createImageBitmap(file, {
    imageOrientation: 'from-image',
    resizeWidth: width,
    resizeHeight: height,
    resizeQuality: 'high',
  });
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  const scaled = await new Promise<Blob | null>((resolve) =>
    canvas.toBlob(resolve, file.type, scaledQuality),
  );
  return scaled?.type === file.type ? scaled : file;
}
