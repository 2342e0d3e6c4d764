import type { OptionRow } from './option-rows.ts';

const isOn = (value: string): boolean => /^(?:true|1|yes|on|enabled|always|required|strict)$/i.test(value);
const isOff = (value: string): boolean => /^(?:false|0|no|off|disabled|never|none)$/i.test(value);
const opens = (value: string): number => (isOn(value) ? 1 : 0);
const protects = (value: string): number => (isOn(value) ? -1 : isOff(value) ? 1 : 0);
const named = (value: string): number => (value === '' || isOff(value) ? 0 : -1);

const SWITCH = 'protective-setting-off';

/** Switches whose own name says little: what stands around them tells what they switch. */
export const FRAMEWORK_ROWS: readonly OptionRow[] = [
  {
    control: SWITCH,
    key: /^(?:enabled?|active)$/,
    within:
      /(?:h2[-_.]?console|console|swagger\w{0,10}|debug\w{0,10}|actuator|devtools|anonymous\w{0,10}|guest\w{0,10})\.(?:enabled?|active)$/i,
    weigh: opens,
  },
  {
    control: SWITCH,
    key: /^(?:enabled?|active)$/,
    within:
      /(?:ssl|m?tls|https|security|auth|authn|authz|authentication|authorization|basic|csrf|xsrf|mfa|2fa|totp|rbac|waf|modsecurity|audit\w{0,10}|rate[-_]?limit\w{0,10}|throttl\w{0,10}|network[-_]?polic\w{0,10}|encryption|pod[-_]?security\w{0,20}|seccomp|apparmor|sandbox\w{0,10}|admission\w{0,20}|secret[-_]?scanning\w{0,20}|signature\w{0,20}|captcha|lockout|password[-_]?policy|content[-_]?security[-_]?policy|hsts)\.(?:enabled?|active)$/i,
    weigh: protects,
  },
  {
    control: SWITCH,
    key: /^include$/,
    within: /exposure/i,
    weigh: (value) =>
      value.includes('*') ? 2 : /env|heapdump|shutdown|configprops|threaddump|jolokia/.test(value) ? 1 : 0,
  },
  {
    control: SWITCH,
    key: /^(?:includestacktrace|includeexception|includemessage|showdetails|showvalues)$/,
    weigh: (value) => (/^(?:always|on_param|on_trace_param|true)$/i.test(value) ? 1 : 0),
  },
  { control: SWITCH, key: /^exclude$/, within: /autoconfigure/i, weigh: (value) => (/Security/.test(value) ? 1 : 0) },
  { control: SWITCH, key: /^(?:secure|httponly)$/, within: /cookie|session/i, weigh: protects },
  {
    control: SWITCH,
    key: /(?:^|\/)(?:authurl|authtype|authtlssecret|authtlsverifyclient|whitelistsourcerange|allowlistsourcerange|enablemodsecurity|limitrps|limitrpm|limitconnections|forcesslredirect|sslredirect)$/,
    weigh: named,
  },
  {
    control: 'tls-check-off',
    key: /^mode$/,
    within: /mtls|peerauthentication/i,
    weigh: (value) => ({ strict: -2, permissive: -1 })[value.toLowerCase()] ?? 0,
  },
  // Microsoft: web.config, machine.config.
  { control: SWITCH, key: /^debug$/, within: /compilation/i, weigh: opens },
  { control: SWITCH, key: /^mode$/, within: /customErrors/i, weigh: (value) => (/^off$/i.test(value) ? 1 : 0) },
  { control: SWITCH, key: /^mode$/, within: /authentication/i, weigh: (value) => (/^none$/i.test(value) ? 0 : -1) },
  {
    control: SWITCH,
    key: /^(?:validaterequest|enableviewstatemac|requestvalidationmode|enableeventvalidation|httponlycookies|requiressl|enableheaderchecking)$/,
    weigh: protects,
  },
  {
    control: SWITCH,
    key: /^(?:directorybrowse|enableversionheader|traceenabled|cookieless)$/,
    weigh: opens,
    severity: 'medium',
  },
  // Android and Apple.
  {
    control: SWITCH,
    key: /^(?:android:)?(?:debuggable|exported|allowbackup|usescleartexttraffic|cleartexttrafficpermitted|nsallowsarbitraryloads)$/,
    weigh: opens,
  },
  { control: SWITCH, key: /^android:permission$/, weigh: named },
  // Rails.
  { control: SWITCH, key: /^(?:considerallrequestslocal|hostauthorizationoff)$/, weigh: opens },
  // Analysers that build tools start.
  {
    control: 'check-configuration-loosened',
    key: /^failbuildoncvss$/,
    weigh: (value) => Number.parseFloat(value) / 100 - 0.11,
    severity: 'high',
  },
  {
    control: 'check-configuration-loosened',
    key: /^(?:failonviolation|failonerror|failsonerror|haltonfailure|failonwarning|enforce)$/,
    within: /pom\.xml|build|check|spotbugs|pmd|dependency/i,
    weigh: protects,
    severity: 'medium',
  },
];
