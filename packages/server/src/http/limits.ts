/** Caps of the HTTP edge, per request. Each is enforced for multipart, urlencoded, JSON and query alike (rulings, "Requests"). */

const mebibyte = 1024 * 1024;

/** One parameter that is not the file, after decoding. */
export const maxFieldBytes = 4 * mebibyte;
/** All parameters together, names included. */
export const maxFieldsBytes = 8 * mebibyte;
/** Parameters and list items together. A destroy or archive call may name 1000 public ids twice over. */
export const maxPairs = 2200;
/** A parameter name as sent, brackets included. */
export const maxNameBytes = 100;
/** A `file` that is a URL, not a data URI. */
export const maxFileTextBytes = 64 * 1024;
/** Everything before the comma of a data URI. */
export const maxDataUriHeadBytes = 1024;
/** A data URI of 62,910,000 characters (upload-api reference, section 9) beside {@link maxFieldsBytes}: JSON is read whole. */
export const maxJsonBytes = 64 * mebibyte + maxFieldsBytes;
/** Parameters and JSON bodies of all requests that are being read, beyond the first {@link freeHeldBytes} of each. */
export const maxHeldBytes = 256 * mebibyte;
/** As much as a socket buffers anyway. */
export const freeHeldBytes = 64 * 1024;
/**
 * Values, and quotes inside strings, of one JSON body. Parsing costs by their number, not by bytes: a list of {@link maxPairs} ids is
 * 4,400 of them, a metadata map of 3,000 values 12,000.
 */
export const maxJsonTokens = 200_000;
/** How deep objects and arrays may nest inside one JSON parameter. */
export const maxJsonDepth = 32;

/** Names and values in the header block of one multipart part. */
export const maxPartHeaderBytes = 16 * 1024;
export const maxPartHeaderPairs = 32;
/**
 * Where the parser cuts such a block, without a word: so late that what is left is over {@link maxPartHeaderBytes} even when all of
 * its lines are folded, `CR LF SP` each, of which the space alone counts.
 */
export const parsedPartHeaderBytes = 4 * maxPartHeaderBytes;
/** Bytes of a multipart body that are no part's content: preamble, boundaries, part headers, epilogue. */
export const maxMultipartOverheadBytes = 4 * mebibyte;
/** RFC 2046, section 5.1.1: "no longer than 70 characters". */
export const maxBoundaryBytes = 70;
/** A file sent to an operation that takes none is read to its end up to here, and has no effect. */
export const maxIgnoredFileBytes = 8 * mebibyte;

/** Silence of a client while we wait for its next bytes. Time we spend ourselves (back-pressure) does not count. */
export const stallTimeoutMs = 30_000;

/** After an early answer: how much more of the body is read so that the client gets to see the answer. */
export const maxDiscardBytes = 64 * mebibyte;
export const maxDiscardMs = 15_000;

/** Options of the HTTP server. A slow body is handled by {@link stallTimeoutMs}, so that a long upload has no deadline. */
export const connectionLimits = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 0,
  keepAliveTimeout: 5_000,
} as const;

/** A connection on which nothing moves either way, such as a download that nobody reads. Longer than any work of ours. */
export const idleConnectionMs = 5 * 60_000;
/** What a server that is to end gives the requests under way; then their connections are cut. */
export const drainTimeoutMs = 30_000;
