import type { AudioTrack, VideoTrack } from 'mediainfo.js';
import { describe, expect, it } from 'vitest';
import { toAudioFields, toVideoFields, uprightSize } from './video-fields.js';

// The answers of the upload-api reference, section 4.4.
describe('media fields in the words of the wire', () => {
  it('audio', () => {
    const track = { '@type': 'Audio', Format: 'AAC', BitRate: 129_158, SamplingRate: 48_000, Channels: 2 };
    expect(toAudioFields(track as AudioTrack)).toEqual({
      codec: 'aac',
      bit_rate: '129158',
      frequency: 48_000,
      channels: 2,
      channel_layout: 'stereo',
    });
  });

  it('video', () => {
    const track = {
      '@type': 'Video',
      Format: 'AVC',
      Format_Profile: 'High',
      Format_Level: '4.1',
      BitRate: 7_926_418,
      Width: 1920,
      Height: 1080,
      FrameRate: 23.976,
      FrameRate_Num: 30_000,
      ChromaSubsampling: '4:2:0',
      BitDepth: 8,
    };
    expect(toVideoFields(track as unknown as VideoTrack)).toEqual({
      pix_format: 'yuv420p',
      codec: 'h264',
      level: 41,
      profile: 'High',
      bit_rate: '7926418',
      dar: '16:9',
      time_base: '1/30000',
    });
  });

  it('nothing known gives zeros, not errors', () => {
    expect(toVideoFields({ '@type': 'Video' } as VideoTrack)).toMatchObject({
      codec: '',
      level: 0,
      bit_rate: '0',
      dar: '0:0',
    });
    expect(uprightSize(undefined)).toEqual({ width: 0, height: 0, rotation: 0 });
  });

  it('10 bits and HEVC levels', () => {
    const track = {
      '@type': 'Video',
      Format: 'HEVC',
      Format_Level: '4.1',
      ChromaSubsampling: '4:2:2',
      BitDepth: 10,
    };
    expect(toVideoFields(track as unknown as VideoTrack)).toMatchObject({
      codec: 'hevc',
      level: 123,
      pix_format: 'yuv422p10le',
    });
  });
});
