/** A file of the queue, as `queues-end` and `show-completed` describe it (widget reference, section 1.4). */
export interface QueueItem {
  readonly id: string;
  readonly batchId: string;
  readonly name: string;
  readonly size: number;
  readonly type: string;
  readonly status: string;
  readonly statusText: string;
  /** 0 to 100. */
  readonly progress: number;
  readonly done: boolean;
  readonly failed: boolean;
  readonly aborted: boolean;
  readonly paused: boolean;
  readonly camera: boolean;
  readonly partOfBatch: boolean;
  readonly publicId: string | null;
  readonly publicIdCounter: number;
  /** Null unless an option needed them before the upload. */
  readonly dimensions: { readonly width: number; readonly height: number } | null;
  readonly imageDimensions: { readonly width: number; readonly height: number } | null;
  readonly coordinatesResize: boolean;
  readonly preparedParams: Readonly<Record<string, unknown>>;
  /** The page's own file; null when it came by address. */
  readonly file: File | null;
  readonly uploadInfo: UploadInfo | null;
}

/** What the server answered, plus what the widget knows (widget reference, section 1.4). */
export interface UploadInfo {
  readonly id: string;
  readonly batchId: string;
  readonly asset_id: string;
  readonly public_id: string;
  readonly version: number;
  readonly signature: string;
  readonly resource_type: 'image' | 'video' | 'raw';
  readonly type: string;
  readonly created_at: string;
  readonly bytes: number;
  readonly etag: string;
  readonly url: string;
  readonly secure_url: string;
  readonly format?: string;
  readonly width?: number;
  readonly height?: number;
  readonly tags?: readonly string[];
  readonly original_filename?: string;
  readonly delete_token?: string;
  readonly eager?: readonly {
    readonly url: string;
    readonly secure_url: string;
    readonly [key: string]: unknown;
  }[];
  /** `v<version>/<public_id>.<format>` */
  readonly path: string;
  readonly thumbnail_url?: string;
  readonly coordinates?: {
    readonly custom?: readonly (readonly number[])[];
    readonly faces?: readonly (readonly number[])[];
  };
  readonly [key: string]: unknown;
}

/** What happened, by the name of the event. Narrow on `event` to get the type of `info`. */
export type UploadWidgetResult =
  | Told<'source-changed', { readonly source: string }>
  | Told<'upload-added', { readonly file: AddedFile; readonly publicId: string | null }>
  | Told<'queues-start', undefined>
  | Told<'success', UploadInfo>
  | Told<'queues-end', { readonly files: readonly QueueItem[] }>
  | Told<'show-completed', { readonly items: readonly QueueItem[] }>
  | Told<'abort', { readonly ids: readonly string[]; readonly all: boolean }>
  | Told<'retry', { readonly ids: readonly string[]; readonly all: boolean }>
  | Told<'batch-cancelled', { readonly reason: 'MAX_EXCEEDED' | 'INVALID_PUBLIC_ID' }>
  | Told<'publicid', { readonly id: string }>
  | Told<'tags', { readonly tags: readonly string[] }>
  | Told<'display-changed', 'shown' | 'hidden' | 'minimized' | 'expanded'>
  | Told<'close', { readonly message: string } | undefined>
  /** Comes with a first argument; the original has no such event. */
  | Told<'error', UploadErrorInfo>;

export type UploadWidgetEventName = UploadWidgetResult['event'];

interface Told<Name extends string, Info> {
  readonly event: Name;
  readonly info: Info;
  readonly data?: {
    readonly event: Name;
    readonly info: Info;
    readonly type: 'event';
    readonly widgetId: string;
  };
}

export interface AddedFile {
  readonly name: string;
  readonly size: number;
  readonly type: string;
  readonly lastModified: number | null;
}

export interface UploadErrorInfo {
  /** Null when the failure concerns no single file. */
  readonly id: string | null;
  readonly name: string | null;
  readonly message: string;
  /** HTTP status; null when no answer came. */
  readonly httpStatus: number | null;
  readonly kind: 'answer' | 'network' | 'signature' | 'hook' | 'local' | 'restriction' | 'configuration';
  /** With `debug`: both strings to sign, and the parameter that differs. */
  readonly diagnosis?: string;
}

/** The callback's first argument when something went wrong. Both members carry the readable text. */
export interface UploadWidgetError {
  readonly status: string;
  readonly statusText: string;
}

export type UploadWidgetCallback = (error: UploadWidgetError | null, result: UploadWidgetResult) => void;
