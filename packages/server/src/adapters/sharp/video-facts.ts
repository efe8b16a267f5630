import { open } from 'node:fs/promises';
import type { MediaInfoResult } from 'mediainfo.js';
import type { MediaFacts } from '../../ports/asset-store.js';
import { toAudioFields, toVideoFields, uprightSize } from './video-fields.js';

type Track = NonNullable<MediaInfoResult['media']>['track'][number];
type TrackOf<T extends string> = Extract<Track, { '@type': T }>;

/**
 * Size, duration and codecs of a video or audio file, shaped as on the wire (upload-api reference, section 4.4). Reads only the
 * parts of the file that hold them. Null when nothing but the name of the container is understood.
 */
export async function readVideoFacts(path: string): Promise<MediaFacts | null> {
  const tracks = await analyse(path);
  const find = <T extends Track['@type']>(type: T) =>
    tracks.find((track): track is TrackOf<T> => track['@type'] === type);
  const [general, video, audio] = [find('General'), find('Video'), find('Audio')];
  if (video === undefined && audio === undefined) return null;

  const { width, height, rotation } = uprightSize(video);
  return {
    width,
    height,
    pages: 0,
    orientation: 1,
    hasAlpha: false,
    video: {
      audio: audio === undefined ? {} : toAudioFields(audio),
      video: video === undefined ? {} : toVideoFields(video),
      is_audio: video === undefined,
      frame_rate: Number(video?.FrameRate ?? 0),
      bit_rate: Math.round(Number(general?.OverallBitRate ?? 0)),
      duration: Number(general?.Duration ?? 0),
      rotation,
      nb_frames: Number(video?.FrameCount ?? 0),
    },
  };
}

async function analyse(path: string): Promise<readonly Track[]> {
  const { default: mediaInfoFactory } = await import('mediainfo.js');
  const reader = await mediaInfoFactory({ format: 'object' });
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const result = await reader.analyzeData(size, async (length, offset) => {
      const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    });
    return result.media?.track ?? [];
  } finally {
    await file.close();
    reader.close();
  }
}
