import type { RenderPlan } from '@counterseal/protocol';
import type { MediaFacts, ResourceType } from './asset-store.js';
import type { IoOptions } from './io.js';

/**
 * Decodes and encodes untrusted media, always in killable child processes with pixel, time and memory caps. Bounded: at most a
 * fixed number run, a bounded number wait, in all and of each client, then `RendererBusyError`. Clients take turns.
 */
export interface Renderer {
  /**
   * Writes the rendition of the local file `inputPath` to `outputPath` (which must not exist; removed on failure). Rejects with `UndecodableError`,
   * `RenderLimitError` or `RendererBusyError`.
   */
  render(
    job: { inputPath: string; inputFormat: string; plan: RenderPlan; outputPath: string },
    options?: RenderOptions,
  ): Promise<Rendition>;

  /**
   * What the bytes really are, from the bytes alone. `null` format = not recognised. For images the header is decoded and
   * checked against the pixel caps; with `verify` the pixels are decoded as well, so that a broken file is found. With `kindOnly`
   * nothing is decoded, `media` is null, and no cap applies.
   */
  probe(
    inputPath: string,
    options?: RenderOptions & { verify?: boolean; kindOnly?: boolean },
  ): Promise<Probe>;

  /** Colours, perceptual hash, metadata: only what is asked for. */
  analyse(
    job: { inputPath: string; inputFormat: string; want: readonly Analysis[] },
    options?: RenderOptions,
  ): Promise<AnalysisResult>;

  /** A copy of an SVG without scripts, handlers and external references, at `outputPath`. Rejects with `UndecodableError`. */
  sanitizeSvg(
    job: { inputPath: string; outputPath: string },
    options?: RenderOptions,
  ): Promise<{ bytes: number }>;

  close(): Promise<void>;
}

export interface RenderOptions extends IoOptions {
  /** Who asks without credentials, as text that is equal for equal clients; null or absent: work for an authenticated request. */
  readonly client?: string | null;
}

export interface Rendition {
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly format: string;
}

export interface Probe {
  /** Which resource type `auto` becomes. */
  readonly kind: ResourceType;
  /** Wire spelling (`jpg`, `png`, `svg`, `heic`, `mp4`, `pdf`, `zip`); null when not recognised. */
  readonly format: string | null;
  /** Null for raw, and for images and videos whose facts could not be read. */
  readonly media: MediaFacts | null;
  /** Whether {@link Renderer.render} can decode this format. */
  readonly decodable: boolean;
}

export type Analysis = 'colors' | 'phash' | 'metadata';

export interface AnalysisResult {
  /** `[["#RRGGBB", percent], ...]` and the named palette. */
  readonly colors?: {
    readonly colors: readonly [string, number][];
    readonly predominant: Readonly<Record<string, readonly [string, number][]>>;
  };
  /** 16 hex digits. */
  readonly phash?: string;
  readonly metadata?: {
    readonly image_metadata: Readonly<Record<string, string>>;
    readonly grayscale: boolean;
    readonly semi_transparent: boolean;
    readonly illustration_score: number;
  };
}

/** The bytes are not a picture this server can read. `message` is for the log only. */
export class UndecodableError extends Error {
  override readonly name = 'UndecodableError';
}

/** `pixels` and `frames` of the source, `result` pixels of what was asked for, `time` in ms, `memory` in bytes. */
export type RenderLimit = 'pixels' | 'frames' | 'result' | 'time' | 'memory';

/** A cap was hit. */
export class RenderLimitError extends Error {
  override readonly name = 'RenderLimitError';
  readonly limit: RenderLimit;
  readonly got: number;
  readonly max: number;
  /** Of the source, where the cap is that of its format. */
  readonly format: string | null;
  constructor(limit: RenderLimit, got: number, max: number, format: string | null = null) {
    super(`render limit: ${limit}`);
    this.limit = limit;
    this.got = got;
    this.max = max;
    this.format = format;
  }
}

/** The queue is full. */
export class RendererBusyError extends Error {
  override readonly name = 'RendererBusyError';
}
