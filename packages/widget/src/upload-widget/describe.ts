import type { FileStatus, QueueFile } from '../core/queue-file.js';
import { transformationText } from '../core/transformation-text.js';
import type { QueueItem, UploadInfo } from '../events.js';
import type { Settings } from '../options.js';
import { detailsOf } from './file-details.js';

/** A file of the queue as events describe it (widget reference, section 1.4). */
export function queueItem(file: QueueFile, settings: Settings): QueueItem {
  const details = detailsOf(file);
  const { id, batchId, name, size, type, status } = file;
  return {
    id,
    batchId,
    name,
    size,
    type,
    status: statusOf(status),
    statusText: file.failure?.message ?? status,
    progress: progressOf(file),
    done: status === 'done',
    failed: status === 'failed',
    aborted: status === 'aborted',
    paused: status === 'paused',
    camera: details.source === 'camera',
    partOfBatch: settings.multiple,
    publicId: details.publicId,
    publicIdCounter: details.publicIdCounter,
    dimensions: details.dimensions,
    imageDimensions: details.dimensions,
    coordinatesResize: false,
    preparedParams: details.prepared,
    file: details.file,
    uploadInfo: file.uploadInfo === null ? null : uploadInfo(file, settings),
  };
}

/** As events and texts name it (widget reference, sections 1.4 and 1.10). */
export function statusOf(status: FileStatus): string {
  return status === 'done' ? 'uploaded' : status === 'failed' ? 'error' : status;
}

/** 0 to 100, whole; 100 only when it is done. */
export function progressOf({ status, size, sentBytes }: QueueFile): number {
  if (status === 'done') return 100;
  return size === 0 ? 0 : Math.min(99, Math.floor((sentBytes / size) * 100));
}

/** The server's answer and what the widget adds to it. */
export function uploadInfo(file: QueueFile, settings: Settings): UploadInfo {
  const answer = (file.uploadInfo ?? {}) as UploadInfo;
  const { coordinates } = detailsOf(file);
  const format = answer.format === undefined || answer.resource_type === 'raw' ? '' : `.${answer.format}`;
  const kind = settings.croppingCoordinatesMode === 'face' ? 'faces' : 'custom';
  return {
    ...answer,
    ...(coordinates === null || answer.coordinates !== undefined
      ? {}
      : { coordinates: { [kind]: [coordinates] } }),
    id: file.id,
    batchId: file.batchId,
    path: `v${answer.version}/${answer.public_id}${format}`,
    ...(answer.resource_type === 'image' ? { thumbnail_url: thumbnailUrl(answer, settings) } : {}),
  };
}

function thumbnailUrl({ secure_url: secureUrl, url }: UploadInfo, settings: Settings): string {
  const transformation = transformationText(settings.thumbnailTransformation);
  return (secureUrl ?? url ?? '').replace(/\/upload\/(?=v\d+\/)/, `/upload/${transformation}/`);
}
