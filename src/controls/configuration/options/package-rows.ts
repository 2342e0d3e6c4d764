import type { ListRow, OptionRow } from './option-rows.ts';

const isOn = (value: string): boolean => /^(?:true|1|yes|on|enabled)$/i.test(value);
const isOff = (value: string): boolean => /^(?:false|0|no|off|disabled)$/i.test(value);
/** Off says as much as on: where it stood, its absence is told. */
const opens = (value: string): number => (isOn(value) ? 1 : isOff(value) ? -1 : 0);
const protects = (value: string): number => -opens(value);

const SWITCH = 'protective-setting-off';

/** What clients of packages insist on: pnpm, Composer, NuGet, Gradle, uv, Bundler. */
export const PACKAGE_ROWS: readonly OptionRow[] = [
  {
    control: SWITCH,
    key: /^(?:strictdepbuilds|blockexoticsubdeps|securehttp|restorelockedmode|restorepackageswithlockfile|nugetaudit|verifymetadata|verifysignatures|requirehashes|bundlefrozen|bundledeployment|trustpolicy|frozenlockfile|enablehardenedmode|enableimmutableinstalls)$/,
    weigh: protects,
  },
  { control: SWITCH, key: /^(?:dangerouslyallowallbuilds|allowplugins|disabletls)$/, weigh: opens },
  {
    control: SWITCH,
    key: /^indexstrategy$/,
    weigh: (value) => (/^unsafe-/.test(value) ? 1 : -1),
  },
];

export const PACKAGE_LISTS: readonly ListRow[] = [
  {
    control: 'list-widened',
    kind: 'lets-in',
    severity: 'high',
    key: /^(?:onlybuiltdependencies|trusteddependencies)$/,
  },
  { control: 'list-widened', kind: 'lets-in', severity: 'high', key: /^ignore$/, within: /audit\.ignore/ },
];
