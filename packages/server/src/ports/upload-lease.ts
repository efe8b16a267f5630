/** The right to put a chunked upload together, given to one at a time. */
export interface UploadLease {
  /** Id of the chunked upload. */
  readonly id: string;
  readonly token: string;
}
