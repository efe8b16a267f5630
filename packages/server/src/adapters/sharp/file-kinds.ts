import type { ResourceType } from '../../ports/asset-store.js';

export interface FileKind {
  readonly kind: ResourceType;
  /** Wire spelling. */
  readonly format: string;
  /** Whether libvips decodes it here. */
  readonly decodable: boolean;
}

const picture = (format: string): FileKind => ({ kind: 'image', format, decodable: true });
/** An image on the wire that is stored and delivered, but never transformed (rulings: ICO, BMP, HEIC). */
const stored = (format: string): FileKind => ({ kind: 'image', format, decodable: false });
const media = (format: string): FileKind => ({ kind: 'video', format, decodable: false });

/** By the sniffer's extension. Audio is of type video, as on the wire. What is not listed is raw. */
export const fileKinds: Readonly<Record<string, FileKind>> = {
  jpg: picture('jpg'),
  png: picture('png'),
  apng: picture('png'),
  webp: picture('webp'),
  gif: picture('gif'),
  avif: picture('avif'),
  tif: picture('tiff'),
  svg: picture('svg'),

  heic: stored('heic'),
  bmp: stored('bmp'),
  ico: stored('ico'),
  pdf: stored('pdf'),
  psd: stored('psd'),
  jxl: stored('jxl'),
  jp2: stored('jp2'),
  jpx: stored('jp2'),
  eps: stored('eps'),
  cr2: stored('cr2'),
  cr3: stored('cr3'),
  nef: stored('nef'),
  arw: stored('arw'),
  dng: stored('dng'),

  mp4: media('mp4'),
  m4v: media('m4v'),
  mov: media('mov'),
  webm: media('webm'),
  mkv: media('mkv'),
  avi: media('avi'),
  flv: media('flv'),
  asf: media('wmv'),
  wmv: media('wmv'),
  mpg: media('mpeg'),
  mts: media('mts'),
  ogv: media('ogv'),
  ogm: media('ogv'),
  '3gp': media('3gp'),
  '3g2': media('3g2'),
  mxf: media('mxf'),

  mp3: media('mp3'),
  m4a: media('m4a'),
  m4b: media('m4a'),
  aac: media('aac'),
  wav: media('wav'),
  flac: media('flac'),
  ogg: media('ogg'),
  oga: media('ogg'),
  opus: media('opus'),
  aif: media('aiff'),
  amr: media('amr'),
  ac3: media('ac3'),
  wma: media('wma'),
};
