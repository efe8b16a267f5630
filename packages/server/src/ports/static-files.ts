/** A file that comes with the product and is the same for everyone. */
export interface StaticFile {
  readonly bytes: Buffer;
  /** The same bytes, compressed. */
  readonly gzipped: Buffer;
  /** Strong, quoted entity tag of `bytes`. */
  readonly etag: string;
  readonly modifiedAtMs: number;
}

export interface StaticFiles {
  /** A file by its relative name, for example `parts/crop.js`; null when there is none. Names never lead out of the folder. */
  read(name: string): Promise<StaticFile | null>;
}
