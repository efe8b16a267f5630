import { h } from 'preact';
/** Line drawings on a 24 x 24 grid. */
export const iconPaths = {
  close: 'M6 6l12 12M18 6 6 18',
  minimize: 'M6 17.5h12',
  expand: 'M7 14.5l5-5 5 5',
  pause: 'M9 7v10M15 7v10',
  resume: 'M9 6.5 17.5 12 9 17.5z',
  retry: 'M18.5 12a6.5 6.5 0 1 1-2-4.7M18.5 4.5v4h-4',
  check: 'M5.5 12.5 10 17l8.5-9.5',
  alert: 'M12 7.5v5.5M12 16.4v.2M12 3.5 21 19.5H3z',
  file: 'M6.5 3.5h7.5l4 4v13H6.5zM13.5 3.5V8H18',
  upload: 'M12 16V5M7.5 9.5 12 5l4.5 4.5M4.5 15.5v4h15v-4',
} as const;

export function Icon({ path }: { readonly path: string }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={path} />
    </svg>
  );
}
