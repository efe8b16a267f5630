import { loadParts } from '../load-parts.js';
import type { Settings } from '../options.js';
import { findSource, registeredSourceIds, type UploadSource } from '../sources.js';

/** A tab of the widget. `plugin` is null for the local files, which are always there. */
export interface SourceTab {
  readonly id: string;
  /** Path in the texts; a plug-in's own label goes first. */
  readonly labelText: string;
  readonly iconPath: string;
  readonly plugin: UploadSource | null;
}

const labels: Readonly<Record<string, string>> = {
  local: 'menu.files',
  url: 'menu.web',
  camera: 'menu.camera',
  image_search: 'menu.gsearch',
  google_drive: 'menu.gdrive',
  dropbox: 'menu.dropbox',
  shutterstock: 'menu.shutterstock',
  gettyimages: 'menu.getty',
  istock: 'menu.istock',
  unsplash: 'menu.unsplash',
};

const icons: Readonly<Record<string, string>> = {
  local: 'M4 6.5h5.5l2 2.5H20v9.5H4zM12 16.5v-5M9.7 13.6 12 11.3l2.3 2.3',
  url: 'M10 13.5a4 4 0 0 0 6 .4l2.4-2.4a4 4 0 0 0-5.7-5.7l-1.4 1.4M14 10.5a4 4 0 0 0-6-.4l-2.4 2.4a4 4 0 0 0 5.7 5.7l1.4-1.4',
  camera: 'M4 8h3.5l1.5-2.5h6L16.5 8H20v11H4zM12 16.2a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4z',
};
const pluginIcon = 'M11 17a6 6 0 1 0 0-12 6 6 0 0 0 0 12zM15.5 15.5 20 20';

/** Sources that come with the widget, loaded when their tab is first opened. */
const builtIn: Readonly<Record<string, UploadSource>> = {
  url: {
    id: 'url',
    mount: async (element, context) => (await loadParts.urlSource()).mountUrlSource(element, context),
  },
  camera: {
    id: 'camera',
    mount: async (element, context) => (await loadParts.cameraSource()).mountCameraSource(element, context),
  },
};

/** `open()` types spell it short (widget reference, section 1.3). */
const aliases: Readonly<Record<string, string>> = { getty: 'gettyimages' };

export function sourceId(id: string): string {
  return aliases[id] ?? id;
}

/**
 * Tabs in the page's order. An id without a plug-in is hidden, not broken; the camera is for desktops, since phones reach it through
 * the picker of `local`.
 */
export function sourceTabs(settings: Settings): SourceTab[] {
  const asked = settings.sources ?? [
    ...['local', 'url', 'camera'],
    ...settings.sourcePlugins.map(({ id }) => id),
    ...registeredSourceIds(),
  ];
  const tabs = [...new Set(asked.map(sourceId))].flatMap((id): SourceTab[] => {
    const plugin = findSource(id, settings.sourcePlugins) ?? builtIn[id] ?? null;
    if ((plugin === null && id !== 'local') || (id === 'camera' && plugin === builtIn.camera && !hasCamera()))
      return [];
    const iconPath = plugin?.iconPath ?? icons[id] ?? pluginIcon;
    return [{ id, labelText: plugin?.label ?? labels[id] ?? id, iconPath, plugin }];
  });
  return tabs.length > 0
    ? tabs
    : [{ id: 'local', labelText: 'menu.files', iconPath: icons.local ?? '', plugin: null }];
}

function hasCamera(): boolean {
  const isPhone = matchMedia('(pointer: coarse) and (max-width: 767px)').matches;
  return !isPhone && typeof navigator.mediaDevices?.getUserMedia === 'function';
}
