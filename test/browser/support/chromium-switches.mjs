/* How Chromium is started, for tests and for the bench, which runs before anything is compiled. */

/**
 * Parts of the browser's own window that nobody looks at. The suggestions below its address bar are two pages of their own, loaded
 * with every window: they take four times the work of the page that is tested.
 */
const windowFeatures = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'WebUIOmniboxFullPopup'];

/** What Playwright 1.65 turns off by itself. The browser obeys the last `--disable-features` only, which is ours. */
const playwrightFeatures = [
  ...['AvoidUnnecessaryBeforeUnloadCheckSync', 'DestroyProfileOnBrowserClose', 'HttpsUpgrades'],
  ...['HttpsFirstBalancedModeAutoEnable', 'LensOverlay', 'MediaRouter', 'PaintHolding'],
  ...['ThirdPartyStoragePartitioning', 'AvoidCorsURLLoaderRestartOnRedirect', 'OptimizationHints'],
  ...['NetworkTimeServiceQuerying', 'AimEnabled', 'PreconnectToSearch'],
];

export const chromiumSwitches = [
  `--disable-features=${[...playwrightFeatures, ...windowFeatures].join(',')}`,
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'],
];
