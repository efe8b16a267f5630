import { ApiError } from '@counterseal/protocol';
import { type FileSource, type FileTextOptions, readFileText } from './file-source.js';
import type { Holding } from './held-bytes.js';
import { maxFieldBytes, maxFieldsBytes, maxIgnoredFileBytes, maxPairs } from './limits.js';
import { checkText, collectParameters, decodeText, parseName, type RawPair } from './pairs.js';
import type { Parameters } from './parameters.js';
import { collectBytes } from './read-chunks.js';

/**
 * Called as soon as the file begins, with what stood before it; more parameters may follow. While it works nothing more is
 * read than it pulls. When it throws, reading stops with its error.
 */
export type OnFile = (parametersSoFar: Parameters, file: FileSource) => Promise<void>;

export interface IntakeOptions {
  /** Absent for operations that take no file: one that is sent has no effect then. */
  readonly onFile?: OnFile | undefined;
  /** See {@link collectParameters}. */
  readonly listNames?: ReadonlySet<string> | undefined;
}

/** Where all dialects end up: counts against the limits, tells the file from the rest. */
export type Intake = ReturnType<typeof createIntake>;

export function createIntake({ onFile, listNames }: IntakeOptions, holding: Holding) {
  const pairs: RawPair[] = [];
  let count = 0;
  let totalBytes = 0;
  let file: 'none' | 'taken' | 'ignored' = 'none';

  const countItems = (name: string, items: number, bytes: number) => {
    count += items;
    totalBytes += bytes + Buffer.byteLength(name);
    if (count > maxPairs) throw new ApiError('too-many-fields', { max: maxPairs });
    if (bytes > maxFieldBytes) throw new ApiError('field-too-large', { name, max: maxFieldBytes });
    if (totalBytes > maxFieldsBytes) {
      throw new ApiError('field-too-large', { name: '(all together)', max: maxFieldsBytes });
    }
  };

  const addPair = (pair: RawPair) => {
    const bytes = pair.values.reduce((sum, value) => sum + Buffer.byteLength(value), 0);
    countItems(pair.name, Math.max(pair.values.length, 1), bytes);
    pairs.push(pair);
  };

  const addFile = async (source: FileSource) => {
    if (file !== 'none') throw new ApiError('repeated-parameter', { name: 'file' });
    countItems('file', 1, 0);
    file = onFile === undefined ? 'ignored' : 'taken';
    if (onFile !== undefined) await onFile(collectParameters(pairs, listNames), source);
    else if (source.kind !== 'text') await skip(source.body);
  };

  const addFileText = async (source: AsyncIterable<Uint8Array>, options: FileTextOptions = {}) => {
    const text = await readFileText(source, options);
    if (text !== null) await addFile(text);
  };

  return {
    addPair,
    /** A file that came as bytes. */
    addFile,
    /** A file that came as text; when it is empty, it did not come. */
    addFileText,
    /** A name and a value in the raw: the dialects that are pairs of texts. */
    async addField(
      rawName: string,
      value: AsyncIterable<Buffer>,
      { origin, ...options }: FileTextOptions & Pick<RawPair, 'origin'>,
    ): Promise<void> {
      const { name, isList } = parseName(rawName);
      if (name === 'file') return addFileText(value, options);
      const text = decodeText(name, await collectBytes(value, { name, holding }));
      checkText(name, text);
      addPair({ name, values: [text], isList, origin });
    },
    /** @throws ApiError `repeated-parameter` */
    finish() {
      return { pairs, file, parameters: collectParameters(pairs, listNames) };
    },
  };
}

async function skip(body: AsyncIterable<Uint8Array>): Promise<void> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxIgnoredFileBytes) {
      throw new ApiError('field-too-large', { name: 'file', max: maxIgnoredFileBytes });
    }
  }
}
