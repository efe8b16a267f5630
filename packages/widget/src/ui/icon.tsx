/** Line drawings on a 24 x 24 grid. */
export const iconPaths = {
  close: 'M6 6l12 12M18 6 6 18',
  minimize: 'M6 17.500h12',
  expand: 'M7 14.500l5-5 5 5',
  pause: 'M9 7v10M15 7v10',
  resume: 'M9 6.500 17.500 12 9 17.500z',
  retry: 'M18.500 12a6.500 6.500 0 1 1-2-4.700M18.500 4.500v4h-4',
  check: 'M5.500 12.500 10 17l8.500-9.500',
  alert: 'M12 7.500v5.500M12 16.400v.2M12 3.500 21 19.500H3z',
  file: 'M6.500 3.500h7.500l4 4v13H6.500zM13.500 3.500V8H18',
  upload: 'M12 16V5M7.500 9.500 12 5l4.500 4.500M4.500 15.500v4h15v-4',
} as const;

export function Icon({ path }: { readonly path: string }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={path} />
    </svg>
  );
}
