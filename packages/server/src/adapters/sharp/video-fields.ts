import type { AudioTrack, VideoTrack } from 'mediainfo.js';

/** MediaInfo's tracks in the wire's words (upload-api reference, section 4.4). */

const codecNames: Readonly<Record<string, string>> = {
  AVC: 'h264',
  HEVC: 'hevc',
  VP8: 'vp8',
  VP9: 'vp9',
  AV1: 'av1',
  'MPEG-4 Visual': 'mpeg4',
  'MPEG Video': 'mpeg2video',
  ProRes: 'prores',
  Theora: 'theora',
  JPEG: 'mjpeg',
  AAC: 'aac',
  'MPEG Audio': 'mp3',
  'AC-3': 'ac3',
  'E-AC-3': 'eac3',
  Opus: 'opus',
  Vorbis: 'vorbis',
  FLAC: 'flac',
  ALAC: 'alac',
  PCM: 'pcm',
  AMR: 'amr',
  WMA: 'wma',
};

/** What one step of the level's number counts for: `4.1` is 41 for H.264, 123 for HEVC. */
const levelFactors: Readonly<Record<string, number>> = { AVC: 10, HEVC: 30 };

const channelLayouts: Readonly<Record<number, string>> = { 1: 'mono', 2: 'stereo', 6: '5.1', 8: '7.1' };

export function toAudioFields(track: AudioTrack): Record<string, unknown> {
  const channels = Number(track.Channels ?? 0);
  return {
    codec: codecName(track.Format),
    bit_rate: wholeText(track.BitRate),
    frequency: Number(track.SamplingRate ?? 0),
    channels,
    channel_layout: channelLayouts[channels] ?? `${channels} channels`,
  };
}

export function toVideoFields(track: VideoTrack): Record<string, unknown> {
  const { width, height } = uprightSize(track);
  return {
    pix_format: pixelFormat(track),
    codec: codecName(track.Format),
    level: levelOf(track),
    profile: String(track.Format_Profile ?? ''),
    bit_rate: wholeText(track.BitRate),
    dar: displayRatio(track, { width, height }),
    time_base: `1/${track.FrameRate_Num ?? Math.max(1, Math.round(Number(track.FrameRate ?? 1)))}`,
  };
}

/** Size as shown: a quarter turn in the container swaps the sides. `rotation` in degrees, clockwise. */
export function uprightSize(track: VideoTrack | undefined): {
  width: number;
  height: number;
  rotation: number;
} {
  const width = Number(track?.Width ?? 0);
  const height = Number(track?.Height ?? 0);
  const rotation = Math.round(Number(track?.Rotation ?? 0));
  return Math.abs(rotation) % 180 === 90
    ? { width: height, height: width, rotation }
    : { width, height, rotation };
}

function codecName(format: string | undefined): string {
  const name = format ?? '';
  return codecNames[name] ?? name.toLowerCase().replace(/[^a-z0-9]+/g, '_');
}

function wholeText(value: unknown): string {
  return String(Math.round(Number(value ?? 0)));
}

function pixelFormat({ ChromaSubsampling, BitDepth }: VideoTrack): string {
  const chroma = String(ChromaSubsampling ?? '4:2:0')
    .replace(/[^\d]/g, '')
    .slice(0, 3);
  const depth = Number(BitDepth ?? 8);
  return `yuv${chroma}p${depth > 8 ? `${depth}le` : ''}`;
}

function levelOf({ Format, Format_Level }: VideoTrack): number {
  const level = Number.parseFloat(String(Format_Level ?? '0'));
  return Math.round((Number.isFinite(level) ? level : 0) * (levelFactors[Format ?? ''] ?? 1));
}

/** As `16:9`: the smallest whole numbers of the shown ratio. */
function displayRatio(track: VideoTrack, size: { width: number; height: number }): string {
  const width = Math.round(size.width * Number(track.PixelAspectRatio ?? 1));
  const divisor = greatestCommonDivisor(width, size.height) || 1;
  return `${width / divisor}:${size.height / divisor}`;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
