import { RenderLimitError, UndecodableError } from '../../ports/renderer.js';
import { maxPixelsOf } from './limits.js';

/** libvips messages that do not mean "this picture is broken". Everything else it says, does. */
const notThePicture = [
  /^Expected /, // a parameter sharp refuses: our mistake
  /bad extract area/, // a plan that does not fit its picture: ours too
  // The disk failed. Without `system error`, "unable to write" only follows from a decoder that gave up.
  /system error|Input file is missing/,
];
const tooManyPixels = /exceeds (?:(\d+)x(\d+) )?pixel limit|image is too large for the/i;

/** The port's error for whatever a decoder or encoder threw over a file of this format. */
export function toRendererError(error: unknown, format: string): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  if (error instanceof UndecodableError || error instanceof RenderLimitError) return error;
  if (tooManyPixels.test(error.message)) {
    const maxPixels = maxPixelsOf(format);
    return new RenderLimitError('pixels', maxPixels + 1, maxPixels, format);
  }
  // A TypeError and its kin are bugs; sharp and libvips throw plain errors.
  if (error.name !== 'Error' || notThePicture.some((pattern) => pattern.test(error.message))) return error;
  return new UndecodableError(error.message, { cause: error });
}
